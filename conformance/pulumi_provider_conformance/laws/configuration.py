"""Laws of the provider's own configuration. Know no resource."""

from __future__ import annotations

from pulumi.runtime.proto import provider_pb2 as proto

from ..judging import check_difference
from ..law import Scope, Severity, broken, chapter, present, require, skip
from ..plugin import Plugin, Refused
from ..stage import Stage
from ..values import UNKNOWN, Tree, decode, encode, merged, plain

law = chapter("Configuration", Scope.PROVIDER)


def _checked(stage: Stage, plugin: Plugin, news: Tree) -> proto.CheckResponse:
    try:
        answer: proto.CheckResponse = plugin.call("CheckConfig", stage.check_config_request(news))
    except Refused as refusal:
        if refusal.code.name == "UNIMPLEMENTED":
            skip("CheckConfig is UNIMPLEMENTED: the engine goes on with the configuration as it is")
        raise
    return answer


@law(
    "provider.proto, CheckConfig: what is returned is recorded as the provider's inputs",
    "Return the news as they came. Never change `version`, never add `__internal`.",
)
def configuration_comes_back_as_it_came(stage: Stage) -> None:
    """CheckConfig accepts the example's configuration and returns the values that were given, the version too."""
    plugin = stage.bare
    news = {**stage.configuration, "version": stage.version}
    answer = _checked(stage, plugin, news)
    require(not answer.failures, f"the example's configuration is refused: {list(answer.failures)}")
    came = decode(answer.inputs)
    changed = [name for name, value in news.items() if plain(came.get(name)) != plain(value)]
    require(not changed, f"these came back otherwise: {sorted(changed)}")
    require("__internal" not in came, "the answer holds __internal")


@law(
    "provider.proto, CheckConfig: what is returned is recorded in the state",
    "Read credentials and other settings of the environment in Configure, not in CheckConfig: what CheckConfig "
    "returns is used again at the next refresh or destroy, when the keys may have been rotated.",
)
def nothing_of_the_environment_is_recorded(stage: Stage) -> None:
    """CheckConfig adds no setting that was not given."""
    plugin = stage.bare
    answer = _checked(stage, plugin, stage.configuration)
    added = set(decode(answer.inputs)) - set(stage.configuration)
    variables = {value for value in stage.environment.values() if len(value) > 3}
    taken = [name for name in added if str(plain(decode(answer.inputs)[name])) in variables]
    require(not taken, f"CheckConfig recorded {sorted(taken)}, taken from the environment")


@law(
    "provider.proto, CheckFailure: property and reason",
    "Return a CheckFailure that names the setting, instead of an error or of nothing.",
)
def wrong_settings_are_named(stage: Stage) -> None:
    """CheckConfig names the property that is wrong, for each example of a wrong configuration."""
    if not stage.spec.configuration.invalid:
        skip("the spec names no wrong configuration")
    plugin = stage.bare
    for wrong in stage.spec.configuration.invalid:
        answer = _checked(stage, plugin, merged(stage.configuration, stage.fill(wrong.set)))
        named = [failure.property for failure in answer.failures]
        require(wrong.property in named, f"{wrong.set} should fail at {wrong.property!r}; failures: {named}")


@law(
    "provider.proto, CheckConfig: unknown values appear in previews",
    "Let unknown values through: they are settled when the real update runs.",
)
def unknown_settings_pass(stage: Stage) -> None:
    """CheckConfig lets each setting be unknown."""
    names = sorted(stage.configuration) or sorted(stage.package.document.get("config", {}).get("variables", {}))
    if not names:
        skip("the provider has no settings")
    plugin = stage.bare
    for name in names:
        answer = _checked(stage, plugin, {**stage.configuration, name: UNKNOWN})
        named = [failure.property for failure in answer.failures]
        require(name not in named, f"an unknown {name} is refused: {list(answer.failures)}")


@law(
    "provider.proto, ConfigureErrorMissingKeys: shown by the CLI with the command that sets each key",
    "Fail Configure with a status whose details hold ConfigureErrorMissingKeys, each with its full name "
    "(package:key) and what it is.",
    Severity.SHOULD,
)
def missing_settings_are_named(stage: Stage) -> None:
    """Configure names what is missing in a detail of its error, with full names and descriptions."""
    wanted = stage.spec.configuration.missing
    if wanted is None:
        skip("the spec names no configuration that lacks something ('missing')")
    bare = {name: "" for name in stage.environment if name not in ("PULUMI_PROJECT", "PULUMI_CONFIG")}
    with stage.another(environment=bare) as plugin:
        stage.shake(plugin)
        try:
            plugin.call("Configure", stage.configure_request(stage.fill(wanted)))
        except Refused as refusal:
            found = refusal.detail(proto.ConfigureErrorMissingKeys)
            detail = present(found, f"the error has no ConfigureErrorMissingKeys: {refusal}")
        else:
            broken(f"Configure took {dict(wanted)}")
    names = [each.name for each in detail.missingKeys]
    require(all(each.description for each in detail.missingKeys), f"of {names} some have no description")
    require(all(name.startswith(f"{stage.spec.name}:") for name in names), f"{names} are no full names")
    lacking = set(stage.spec.configuration.missing_keys) - set(names)
    require(not lacking, f"{sorted(lacking)} are not named, but {names}")


@law(
    "provider.proto, Configure: previews and `pulumi package get-schema` run without a network",
    "Take the settings and call nobody; make clients when they are first needed.",
    Severity.SHOULD,
)
def configuring_calls_nobody(stage: Stage) -> None:
    """Configure asks nothing of the cloud."""
    with stage.another() as plugin:
        before = stage.effects()
        stage.introduce(plugin)
        require(stage.effects() == before, "the cloud was called before the first resource came")


@law(
    "provider.proto, ConfigureRequest.args: settings may be wrapped as secrets",
    "Unwrap secrets in args.",
)
def secret_settings_are_understood(stage: Stage) -> None:
    """Configure takes settings that are wrapped as secrets."""
    if not stage.configuration:
        skip("the spec configures nothing")
    with stage.another() as plugin:
        stage.introduce(plugin)


def _difference(stage: Stage, plugin: Plugin, old: Tree, new: Tree) -> proto.DiffResponse:
    request = proto.DiffRequest(
        urn=stage.provider_urn,
        olds=encode(old),
        old_inputs=encode(old),
        news=encode(new),
        name="default",
        type=f"pulumi:providers:{stage.spec.name}",
    )
    try:
        answer: proto.DiffResponse = plugin.call("DiffConfig", request)
    except Refused as refusal:
        if refusal.code.name == "UNIMPLEMENTED":
            skip("DiffConfig is UNIMPLEMENTED: the engine never replaces the provider")
        raise
    return answer


@law(
    "provider.proto, DiffConfig",
    "Return DIFF_NONE for equal configurations; a new `version` alone is no reason to replace.",
)
def equal_configurations_do_not_differ(stage: Stage) -> None:
    """DiffConfig of the same configuration is empty, and a new version replaces nothing."""
    old = {**stage.configuration, "version": "1.0.0"}
    plugin = stage.bare
    same = _difference(stage, plugin, old, old)
    newer = _difference(stage, plugin, old, {**old, "version": "1.1.0"})
    require(same.changes != proto.DiffResponse.DIFF_SOME, f"equal configurations differ in {list(same.diffs)}")
    require(not same.replaces, f"equal configurations replace for {list(same.replaces)}")
    require(not newer.replaces, f"a new version replaces for {list(newer.replaces)}")


@law(
    "provider.proto, DiffConfig: replacing a provider replaces all of its resources",
    "Replace only for what makes the old resources unreachable: account, region, project, endpoint. Never for keys.",
)
def a_provider_is_replaced_only_if_it_must_be(stage: Stage) -> None:
    """DiffConfig replaces for the settings that the spec says, and for no others."""
    if not stage.spec.configuration.changes:
        skip("the spec names no changes of the configuration")
    plugin = stage.bare
    for change in stage.spec.configuration.changes:
        new = stage.fill(change.set)
        old = {**stage.configuration, **{name: f"{value}-before" for name, value in new.items()}}
        answer = _difference(stage, plugin, old, {**old, **new})
        check_difference(answer)
        told = f"a change of {sorted(new)} replaces for {list(answer.replaces)}"
        require(bool(answer.replaces) == change.replaces, f"{told}, and should {'' if change.replaces else 'not'}")


LAWS = (
    configuration_comes_back_as_it_came,
    nothing_of_the_environment_is_recorded,
    wrong_settings_are_named,
    unknown_settings_pass,
    missing_settings_are_named,
    configuring_calls_nobody,
    secret_settings_are_understood,
    equal_configurations_do_not_differ,
    a_provider_is_replaced_only_if_it_must_be,
)
