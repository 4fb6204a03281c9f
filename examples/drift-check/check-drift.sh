#!/bin/sh
# Compare the clouds with the program of the stack $STACK, and say what the exit code means. Changes nothing.

pulumi preview --refresh --expect-no-changes --diff --stack "$STACK" --non-interactive --color never
code=$?

case $code in
    0) echo "No drift: the clouds are as the program says." ;;
    7) echo "Drift: somebody has changed what is listed above, or the program was changed and not yet brought up.
To heal it, make the clouds as the program says:  pulumi up --refresh
To accept it, write into the program what the clouds have now; the next check passes." ;;
    *) echo "The check itself has failed with exit code $code. Whether there is drift is not known." ;;
esac >&2
exit $code
