"""Name ways to break the plugin, each against one law. Know where its sources say what; run nothing."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["MUTANTS", "Mutant"]

TENSORBOARD = "mlworkbench:pai:Tensorboard"
JOB = "mlworkbench:modelarts:VisualizationJob"
IMAGE = "mlworkbench:modelarts:Image"

PLUGIN = "hosts/plugin.py"
SERVICER = "hosts/servicer.py"
ANSWERS = "hosts/answers.py"
CODEC = "hosts/codec.py"
CORE = "hosts/core.py"
REFUSALS = "hosts/refusals.py"
LIFECYCLE = "lifecycle/engine.py"
PREVIEW = "model/preview.py"
CLIENT = "wire/client.py"


@dataclass(frozen=True)
class Mutant:
    """One fault: a text of one file replaced by another, and the law that must notice.

    `before`: laws that have to be judged first, where the law is about all that was said.
    """

    name: str
    law: str
    file: str
    old: str
    new: str
    resource: str = TENSORBOARD
    before: tuple[str, ...] = ()


MUTANTS = (
    Mutant(
        "words before the port", "the-port-is-the-first-line", PLUGIN,
        "print(port, flush=True)", 'print("listening on", port, flush=True)',
    ),
    Mutant(
        "flags taken for a call of a person", "flags-are-tolerated", PLUGIN,
        'arguments[0] in ("-h", "--help")', 'arguments[0].startswith("-")',
    ),
    Mutant(
        "deaf to SIGINT", "it-ends-after-cancel-and-sigint", PLUGIN,
        "for number in (signal.SIGINT, signal.SIGTERM):",
        "signal.signal(signal.SIGINT, signal.SIG_IGN)\n    for number in (signal.SIGTERM,):",
    ),
    Mutant(
        "deaf to SIGTERM", "it-ends-on-sigterm", PLUGIN,
        "for number in (signal.SIGINT, signal.SIGTERM):",
        "signal.signal(signal.SIGTERM, signal.SIG_IGN)\n    for number in (signal.SIGINT,):",
    ),
    Mutant(
        "open to the network", "it-listens-on-this-machine-only", PLUGIN,
        'add_insecure_port("127.0.0.1:0")', 'add_insecure_port("0.0.0.0:0")',
    ),
    Mutant(
        "gRPC's own limit of 4 MiB", "large-messages-are-taken-and-sent", PLUGIN,
        "grpc.aio.server(options=_OPTIONS)", "grpc.aio.server()",
    ),
    Mutant(
        "another promise in the handshake", "handshake-and-configure-promise-the-same", SERVICER,
        "return proto.ProviderHandshakeResponse(\n            accept_secrets=True,",
        "return proto.ProviderHandshakeResponse(\n            accept_secrets=False,",
    ),
    Mutant(
        "a version that is none", "one-version-everywhere", SERVICER,
        "PluginInfo(version=__version__)", 'PluginInfo(version="1")',
    ),
    Mutant(
        "no Attach", "it-can-be-attached-to", SERVICER,
        "async def Attach(", "async def Attached(",
    ),
    Mutant(
        "a type that schemas do not have", "the-schema-keeps-its-rules", SERVICER,
        "GetSchemaResponse(schema=self._schema())",
        "GetSchemaResponse(schema=self._schema().replace('\"integer\"', '\"int\"'))",
    ),
    Mutant(
        "the schema for every subpackage", "a-subpackage-that-does-not-exist-is-refused", SERVICER,
        "if request.subpackage_name:", "if False:",
    ),
    Mutant(
        "a version of its own in the configuration", "configuration-comes-back-as-it-came", SERVICER,
        "CheckResponse(inputs=request.news, failures",
        'CheckResponse(inputs=encode({**decode(request.news).tree, "version": "0"}), failures',
    ),
    Mutant(
        "keys of the environment in the state", "nothing-of-the-environment-is-recorded", SERVICER,
        "CheckResponse(inputs=request.news, failures",
        "CheckResponse(inputs=encode({**decode(request.news).tree, "
        '"modelartsSecretKey": __import__("os").environ["HUAWEICLOUD_SDK_SK"]}), failures',
    ),
    Mutant(
        "missing settings without the detail", "missing-settings-are-named", SERVICER,
        "raise missing_configuration(missing)", "raise Refusal(grpc.StatusCode.INVALID_ARGUMENT, str(missing))",
    ),
    Mutant(
        "rotated keys replace everything", "a-provider-is-replaced-only-if-it-must-be", CORE,
        "replace=change.replace and _both_set(change, old, new)", "replace=True",
    ),
    Mutant(
        "unknown texts become empty ones", "unknowns-survive", CODEC,
        "return UNKNOWN if value.string_value in _UNKNOWNS", 'return "" if value.string_value in _UNKNOWNS',
    ),
    Mutant(
        "only unknown texts are understood", "each-sentinel-is-an-unknown", CODEC,
        "if value.string_value in _UNKNOWNS", "if value.string_value == _UNKNOWN_TEXT",
    ),
    Mutant(
        "one failure at a time", "all-that-is-wrong-is-told-at-once", SERVICER,
        "failures=failures_of(failures, secrets))", "failures=failures_of(failures[:1], secrets))",
    ),
    Mutant(
        "failures without a property", "wrong-inputs-are-named", ANSWERS,
        "CheckFailure(property=failure.path,", 'CheckFailure(property="",',
    ),
    Mutant(
        "paths that no schema knows", "failures-name-real-properties", ANSWERS,
        "CheckFailure(property=failure.path,", 'CheckFailure(property=f"inputs.{failure.path}",',
    ),
    Mutant(
        "the type from the whole chain of parents", "children-of-components-are-understood", SERVICER,
        "token_of(request.type or _type_in(request.urn))\n        old, new",
        'token_of(request.urn.split("::")[2])\n        old, new',
    ),
    Mutant(
        "names by chance", "a-name-is-made-of-the-logical-name-and-the-seed", SERVICER,
        "seed=request.randomSeed", 'seed=__import__("os").urandom(8)',
    ),
    Mutant(
        "a new name at every check", "a-name-is-kept", SERVICER,
        "self._provider.check(token, old.tree, new.tree, naming)", "self._provider.check(token, {}, new.tree, naming)",
    ),
    Mutant(
        "deaf to enforced names", "an-enforced-name-is-used", SERVICER,
        "proposal=options.proposed_name", 'proposal=""',
    ),
    Mutant(
        "autonaming that cannot be turned off", "without-autonaming-a-name-is-required", SERVICER,
        "AutonamingOptions.DISABLE: NamingMode.DISABLE", "AutonamingOptions.DISABLE: NamingMode.PROPOSE",
    ),
    Mutant(
        "diffs left out", "the-parts-of-a-diff-agree", ANSWERS,
        "diffs=found.properties,", "diffs=found.properties[1:],",
    ),
    Mutant(
        "replacements shown as updates", "the-parts-of-a-diff-agree", ANSWERS,
        "_KINDS[change.kind, change.replace]", "_KINDS[change.kind, False]",
    ),
    Mutant(
        "what comes shown as what goes", "kinds-of-changes-are-right", ANSWERS,
        "(Kind.ADD, False): proto.PropertyDiff.ADD,", "(Kind.ADD, False): proto.PropertyDiff.DELETE,",
    ),
    Mutant(
        "a difference that is always there", "nothing-differs-after-a-creation", ANSWERS,
        "proto.DiffResponse.DIFF_SOME if found.changes else proto.DiffResponse.DIFF_NONE",
        "proto.DiffResponse.DIFF_SOME",
    ),
    Mutant(
        "a property that the cloud cannot change, updated in place", "replacing-is-announced",
        "resources/pai/tensorboard.py",
        "summary_relative_path: Annotated[str | None, Replace(), ", "summary_relative_path: Annotated[str | None, ",
    ),
    Mutant(
        "two of one name at a time", "the-order-of-a-replacement-is-right", ANSWERS,
        "deleteBeforeReplace=found.delete_before_replace", "deleteBeforeReplace=False", JOB,
    ),
    Mutant(
        "a set that has an order", "other-spellings-do-not-differ", "resources/modelarts/image.py",
        "services: Annotated[list[ImageService] | None, Replace(), ServerDefault(), Unordered()]",
        "services: Annotated[list[ImageService] | None, Replace(), ServerDefault()]", IMAGE,
    ),
    Mutant(
        "a diff that is blind to marks of secrecy", "secrecy-is-no-difference", SERVICER,
        "self._provider.diff(token, old, new.tree, state, new.autonamed)",
        'self._provider.diff(token, old, __import__("google.protobuf.json_format").protobuf.json_format.MessageToDict('
        "request.news), state)",
    ),
    Mutant(
        "every output called stable", "stable-outputs-do-not-change", "model/policy.py",
        "return computed is not None and computed.stable", "return computed is not None",
    ),
    Mutant(
        "a preview that creates", "a-preview-does-nothing", SERVICER,
        "if request.preview:\n            outputs = self._provider.preview(token, inputs.tree)",
        "if False:\n            outputs = self._provider.preview(token, inputs.tree)",
    ),
    Mutant(
        "old values foretold", "a-preview-of-an-update-tells-the-truth", PREVIEW,
        "before.get(name, UNKNOWN) if computed.stable else UNKNOWN", "before.get(name, UNKNOWN)",
    ),
    Mutant(
        "an update that answers the old state", "an-update-does-what-was-announced", SERVICER,
        "return proto.UpdateResponse(properties=wrapped(token, live.state, new, state))",
        "return proto.UpdateResponse(properties=wrapped(token, state.tree, new, state))",
    ),
    Mutant(
        "a deletion answered before it is done", "what-was-deleted-is-gone", SERVICER,
        "await _hushed(self._provider.delete(token, request.id, inputs, self._watched(request)), asked, state)",
        "self._deletion = asyncio.create_task("
        "self._provider.delete(token, request.id, inputs, self._watched(request)))",
    ),
    Mutant(
        "what is gone cannot be deleted", "deleting-twice-is-fine", LIFECYCLE,
        "except NotFound:\n                return\n", "except NotFound:\n                raise\n",
    ),
    Mutant(
        "an empty state for what is not there", "an-import-of-what-is-not-there-finds-nothing", SERVICER,
        "return proto.ReadResponse()", "return proto.ReadResponse(properties=encode({}), inputs=encode({}))",
    ),
    Mutant(
        "an import without inputs", "an-import-gives-inputs", SERVICER,
        "inputs=encode(live.inputs, secrets_in(token, inputs, state), inputs.autonamed)",
        "inputs=encode(live.inputs if known else {}, secrets, inputs.autonamed)",
    ),
    Mutant(
        "refused means gone", "a-refusal-is-not-absence", LIFECYCLE,
        "except NotFound:\n                return None", "except Exception:\n                return None",
    ),
    Mutant(
        "a refresh that gives the old inputs back", "drift-shows-as-the-property-that-drifted", SERVICER,
        "inputs=encode(live.inputs, secrets_in(token, inputs, state), inputs.autonamed)", "inputs=request.inputs",
    ),
    Mutant(
        "a failed creation is lost", "a-creation-that-ends-failed-is-kept", SERVICER,
        "Refusal(grpc.StatusCode.UNKNOWN, failed.reason, detail)", "Refusal(grpc.StatusCode.UNKNOWN, failed.reason)",
    ),
    Mutant(
        "a failed creation without its inputs", "a-creation-that-ends-failed-is-kept", SERVICER,
        "inputs=wrapped(token, failed.live.inputs, inputs, state, inputs.autonamed),", "",
    ),
    Mutant(
        "the user's timeout forgotten", "the-users-timeout-is-kept", SERVICER,
        "timeout=request.timeout or None", "timeout=None", JOB,
    ),
    Mutant(
        "deaf to Cancel", "cancel-ends-waiting-and-loses-nothing", SERVICER,
        "self._interrupted.set()", "pass", JOB,
    ),
    Mutant(
        "a deletion that is deaf to Cancel", "cancel-ends-a-deletion", SERVICER,
        "self._interrupted.set()", "pass", JOB,
    ),
    Mutant(
        "updates without a limit", "an-update-keeps-the-timeout", LIFECYCLE,
        'self._wait("update", request)', 'self._wait("update", Request(request.watch))', JOB,
    ),
    Mutant(
        "an update that is deaf to Cancel", "cancel-ends-an-update", LIFECYCLE,
        'self._wait("update", request)', 'self._wait("update", Request(Watch(), request.timeout))', JOB,
    ),
    Mutant(
        "a refresh without a limit", "a-refresh-without-an-answer-keeps-the-timeout", LIFECYCLE,
        'self._wait("read", request)', 'self._wait("read", Request(request.watch))',
    ),
    Mutant(
        "silence means gone", "a-refresh-without-an-answer-keeps-the-timeout", LIFECYCLE,
        "except NotFound:\n                return None", "except (NotFound, NotWanted):\n                return None",
    ),
    Mutant(
        "a refresh that is deaf to Cancel", "cancel-ends-a-refresh-without-an-answer", LIFECYCLE,
        'self._wait("read", request)', 'self._wait("read", Request(Watch(), request.timeout))',
    ),
    Mutant(
        "an update that waits for its answer", "an-update-without-an-answer-keeps-the-timeout", LIFECYCLE,
        'self._wait("update", request)', 'self._wait("update", Request(request.watch))',
    ),
    Mutant(
        "an update that waits for its answer after Cancel", "cancel-ends-an-update-without-an-answer", LIFECYCLE,
        'self._wait("update", request)', 'self._wait("update", Request(Watch(), request.timeout))',
    ),
    Mutant(
        "what was asked taken for what is true", "an-update-without-an-answer-can-be-finished", LIFECYCLE,
        "if settling.answer is not None:", "if False:",
    ),
    Mutant(
        "a deletion that waits for its answer", "a-deletion-without-an-answer-keeps-the-timeout", LIFECYCLE,
        'self._wait("delete", request)', 'self._wait("delete", Request(request.watch))', JOB,
    ),
    Mutant(
        "a deletion that waits for its answer after Cancel", "cancel-ends-a-deletion-without-an-answer", LIFECYCLE,
        'self._wait("delete", request)', 'self._wait("delete", Request(Watch(), request.timeout))', JOB,
    ),
    Mutant(
        "a creation that waits for ever", "a-creation-without-an-answer-ends", CLIENT,
        "timeout=timeout_seconds,", "timeout=None,", JOB,
    ),
    Mutant(
        "a creation given up at the limit", "a-creation-answered-after-the-limit-is-kept", LIFECYCLE,
        "return await self.resource.create(self.resource.inputs.model_validate(inputs))",
        "return await wait.change(self.resource.create(self.resource.inputs.model_validate(inputs)))", JOB,
    ),
    Mutant(
        "a creation given up at Cancel", "a-creation-answered-after-cancel-is-kept", LIFECYCLE,
        "return await self.resource.create(self.resource.inputs.model_validate(inputs))",
        "return await wait.change(self.resource.create(self.resource.inputs.model_validate(inputs)))", JOB,
    ),
    Mutant(
        "a signal that cuts off what is in flight", "a-signal-lets-what-is-in-flight-answer", PLUGIN,
        "servicer.interrupt()\n    await server.stop(grace=_GRACE_SECONDS)", "await server.stop(grace=None)", JOB,
    ),
    Mutant(
        "half an update is lost", "an-update-that-ends-failed-tells-what-is-true", SERVICER,
        "live = await _kept(update, token, new, state)", "live = await update",
    ),
    Mutant(
        "a refusal of nobody knows what", "a-refused-creation-is-a-plain-error", REFUSALS,
        "errors.PermissionDenied: grpc.StatusCode.PERMISSION_DENIED",
        "errors.PermissionDenied: grpc.StatusCode.UNKNOWN",
    ),
    Mutant(
        "a refused deletion taken for done", "a-refused-deletion-is-an-error", LIFECYCLE,
        "except NotFound:\n                return\n", "except Exception:\n                return\n",
    ),
    Mutant(
        "waiting in silence", "progress-is-told", SERVICER,
        "self.log.status(request.urn)", "(lambda text: None)", JOB,
    ),
    Mutant(
        "secrets lost in Check", "check-keeps-secrets", SERVICER,
        "encode(checked.inputs, secrets, checked.autonamed)", "encode(checked.inputs, (), checked.autonamed)",
    ),
    Mutant(
        "secrets lost in a preview", "a-preview-keeps-secrets", SERVICER,
        "CreateResponse(properties=wrapped(token, outputs, inputs))",
        "CreateResponse(properties=encode(outputs))",
    ),
    Mutant(
        "secrets lost in a creation", "a-life-keeps-secrets", SERVICER,
        "CreateResponse(id=live.id, properties=wrapped(token, live.state, inputs))",
        "CreateResponse(id=live.id, properties=encode(live.state))",
    ),
    Mutant(
        "secrets lost in a failure", "a-failed-creation-keeps-secrets", SERVICER,
        "properties=wrapped(token, failed.live.state, inputs, state)", "properties=encode(failed.live.state)",
    ),
    Mutant(
        "inputs in the log", "messages-tell-no-secrets", SERVICER,
        "old, new = _recorded(token, request.olds), decode(request.news)\n",
        "old, new = _recorded(token, request.olds), decode(request.news)\n"
        "        await self.log.debug(request.urn, str(new.tree))\n",
    ),
    Mutant(
        "the cloud's echo of a creation", "a-refused-creation-tells-no-secrets", SERVICER,
        "return await _hushed(work, inputs, state)", "return await work",
    ),
    Mutant(
        "the cloud's echo of a refresh", "a-refused-refresh-tells-no-secrets", SERVICER,
        "live = await _hushed(work, inputs, state)", "live = await work",
    ),
    Mutant(
        "the cloud's echo of what was", "a-refused-update-tells-no-secrets", SERVICER,
        "live = await _kept(update, token, new, state)", "live = await _kept(update, token, new)", JOB,
    ),
    Mutant(
        "the cloud's echo of a deletion", "a-refused-deletion-tells-no-secrets", SERVICER,
        "await _hushed(self._provider.delete(token, request.id, inputs, self._watched(request)), asked, state)",
        "await self._provider.delete(token, request.id, inputs, self._watched(request))",
    ),
    Mutant(
        "one creation blocks all", "what-waits-blocks-nothing", SERVICER,
        "    try:\n        return await work\n",
        '    try:\n        __import__("time").sleep(1)\n        return await work\n', JOB,
    ),
    Mutant(
        "words on stdout", "stdout-stays-silent", SERVICER,
        "old, new = _recorded(token, request.olds), decode(request.news)\n",
        'old, new = _recorded(token, request.olds), decode(request.news)\n        print("checking", flush=True)\n',
        before=("the-example-checks-clean",),
    ),
    Mutant(
        "stack traces for users", "errors-are-messages", REFUSALS,
        "return Refusal(code, str(error))", 'return Refusal(code, "".join(traceback.format_exception(error)))',
        before=("a-refused-creation-is-a-plain-error",),
    ),
    Mutant(
        "keys in messages", "credentials-are-told-nowhere", SERVICER,
        "old, new = _recorded(token, request.olds), decode(request.news)\n",
        "old, new = _recorded(token, request.olds), decode(request.news)\n"
        '        await self.log.debug(request.urn, str(dict(__import__("os").environ)))\n',
        before=("the-example-checks-clean",),
    ),
)  # fmt: skip
