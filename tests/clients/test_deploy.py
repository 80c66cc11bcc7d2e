"""What deploy/ holds is what Kubernetes and Compose take: every key known, every value of its type."""

import json
import os
import re
import subprocess

import pytest
import yaml

from contract import ROOT
from process import run

DEPLOY = ROOT / "deploy"
TYPES = {  # the manifest's type -> where kubernetes-models declares it
    ("apps/v1", "Deployment"): "apps/v1",
    ("policy/v1", "PodDisruptionBudget"): "policy/v1",
    ("v1", "Service"): "v1",
}


def manifests():
    files = sorted((DEPLOY / "kubernetes").glob("*.yaml"))
    return [one for path in files for one in yaml.safe_load_all(path.read_text("utf-8"))]


def described():
    return json.loads(run("describe").stdout)


def of_kind(kind):
    return next(one for one in manifests() if one["kind"] == kind)


def pod():
    return of_kind("Deployment")["spec"]["template"]["spec"]


def checked(modules, documents):
    """Compiled, which finds keys that there are not, and validated, which finds the rest."""
    lines = []
    for number, one in enumerate(documents):
        kind = one["kind"]
        module = f"kubernetes-models/{TYPES[one['apiVersion'], kind]}/{kind}"
        lines += [
            f'import {{{kind}, type I{kind}}} from "{module}";',
            f"const document{number}: I{kind} = {json.dumps(one)};",
            f"new {kind}(document{number}).validate();",
        ]
    (modules.directory / "manifests.mts").write_text("\n".join(lines), "utf-8")
    options = "--strict", "--skipLibCheck", "--target", "ES2022", "--module", "nodenext"
    modules.run("tsc", *options, "manifests.mts")
    modules.script("manifests.mjs")


def test_kubernetes(modules):
    found = manifests()
    assert {one["kind"] for one in found} == {kind for _, kind in TYPES}
    checked(modules, found)


@pytest.mark.parametrize("change, said", [
    (lambda pod: pod.update(terminationGracePeriodSecond=3), "terminationGracePeriodSecond"),
    (lambda pod: pod["containers"][0].pop("name"), '"name"'),
], ids=["key", "lack"])  # fmt: skip
def test_the_check_finds_faults(modules, change, said):
    one = of_kind("Deployment")
    change(one["spec"]["template"]["spec"])
    with pytest.raises(AssertionError, match=said):
        checked(modules, [one])


def test_kubernetes_is_consistent():
    """Selectors find the pods, probes ask ports that are there, the drain fits into the grace."""
    deployment, service, budget = map(
        of_kind, ("Deployment", "Service", "PodDisruptionBudget")
    )
    labels = deployment["spec"]["template"]["metadata"]["labels"]
    for selector in (deployment["spec"]["selector"]["matchLabels"], service["spec"]["selector"],
                     budget["spec"]["selector"]["matchLabels"]):  # fmt: skip
        assert selector.items() <= labels.items()
    assert budget["spec"]["minAvailable"] < deployment["spec"]["replicas"]

    (container,) = pod()["containers"]
    variables = {one["name"]: one["value"] for one in container["env"]}
    ports = {one["name"]: one["containerPort"] for one in container["ports"]}
    assert variables["UDCG_LISTEN"].endswith(f":{ports['http']}")
    assert variables["UDCG_ADMIN_LISTEN"].endswith(f":{ports['admin']}")
    assert {one["targetPort"] for one in service["spec"]["ports"]} <= set(ports)
    for probe, path in (("startup", "/readyz"), ("readiness", "/readyz"), ("liveness", "/livez")):
        assert container[f"{probe}Probe"]["httpGet"] == {"path": path, "port": "admin"}
    drain = int(re.fullmatch(r"(\d+)s", variables["UDCG_DRAIN_DELAY"])[1])
    assert drain + 5 < pod()["terminationGracePeriodSeconds"]
    (mount,) = container["volumeMounts"]
    assert variables["UDCG_TIMELINE"].startswith(mount["mountPath"] + "/")
    assert "subPath" not in mount, "a map's change would not show"
    assert container["securityContext"]["readOnlyRootFilesystem"] is True


def compose():
    return yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))


def test_compose():
    said = subprocess.run(
        ["docker-compose", "-f", DEPLOY / "compose.yaml", "config", "-q"],
        capture_output=True, encoding="utf-8", check=False, env=os.environ,
    )  # fmt: skip
    assert (said.returncode, said.stderr) == (0, "")


def test_compose_is_what_the_proxies_name():
    services = compose()["services"]
    replicas = {name for name, one in services.items() if one["image"].startswith("udcg:")}
    for name in ("haproxy.cfg", "nginx.conf", "varnish.vcl"):
        text = (DEPLOY / name).read_text("utf-8")
        assert set(re.findall(r"\budcg-\d\b", text)) == replicas, name
    for proxy in ("haproxy", "varnish"):
        (volume,) = services[proxy]["volumes"]
        assert (DEPLOY / volume.split(":")[0]).is_file()


def test_variables_and_image():
    """Every UDCG_* is one that the program knows, the image is that of this version."""
    known = {option["variable"] for option in described()["options"]}
    version = described()["version"]
    used = {one["name"] for one in pod()["containers"][0]["env"]}
    used |= set().union(*(one.get("environment", {}) for one in compose()["services"].values()))
    assert used and used <= known
    images = {pod()["containers"][0]["image"]}
    images |= {one["image"] for one in compose()["services"].values() if "udcg" in one["image"]}
    assert images == {f"udcg:{version}"}
