setup:
	test -d .venv || python3 -m venv .venv
	.venv/bin/pip install --quiet -c constraints.txt -e '.[emulator,dev]'
