using System.Diagnostics;
using System.Text.RegularExpressions;
using k8s.Models;
using MnistLab.Testing;

namespace MnistLab.Serving.Tests.Kubernetes;

/// <summary>Tests that the files of <c>deploy/kubernetes</c> are valid and consistent.</summary>
public sealed partial class KubernetesFilesTests
{
    private const string Name = "mnistlab-serving";

    public static TheoryData<string> Files => [.. KubernetesFiles.All];

    [Fact]
    public void Files_OfTheFolder_AreThoseThatTheTestsKnow()
    {
        string[] service =
        [
            "deployment.yaml", "horizontal-pod-autoscaler.yaml", "network-policy.yaml", "pod-disruption-budget.yaml",
            "service.yaml",
        ];
        string[] all =
        [
            "inference-service.yaml", "training-job.yaml", "service/kustomization.yaml",
            .. service.Select(file => $"service/{file}"),
        ];

        Assert.Equal(all.Order(StringComparer.Ordinal), KubernetesFiles.All.Order(StringComparer.Ordinal));
        Assert.Equal(service, KubernetesFiles.Kustomization.Resources.Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Files))]
    public void File_WithAnyMisspeltField_IsNotValid(string file)
    {
        var text = KubernetesFiles.Text(file);
        var fields = Field().Matches(text).Where(match => !IsFree(text, match)).ToList();

        Assert.NotNull(KubernetesFiles.Parse(text));
        Assert.NotEmpty(fields);
        Assert.All(fields, field => Assert.ThrowsAny<Exception>(
            () => KubernetesFiles.Parse(text.Insert(field.Groups["name"].Index + 1, "x"))));
    }

    [Fact]
    public void Objects_OfTheService_FindEachOther()
    {
        var labels = KubernetesFiles.Deployment.Spec.Template.Metadata.Labels;
        var container = KubernetesFiles.Deployment.Spec.Template.Spec.Containers[0];
        var ports = container.Ports.ToDictionary(port => port.Name, port => port.ContainerPort);
        var (service, autoscaler) = (KubernetesFiles.Service, KubernetesFiles.Autoscaler);

        Assert.Equal(Name, labels["app.kubernetes.io/name"]);
        Assert.All(
            (IDictionary<string, string>[])
            [
                KubernetesFiles.Deployment.Spec.Selector.MatchLabels,
                KubernetesFiles.Deployment.Spec.Template.Spec.TopologySpreadConstraints[0].LabelSelector.MatchLabels,
                KubernetesFiles.DisruptionBudget.Spec.Selector.MatchLabels,
                KubernetesFiles.NetworkPolicy.Spec.PodSelector.MatchLabels,
                service.Spec.Selector,
            ],
            selector => Assert.Equal(labels, selector));
        var target = autoscaler.Spec.ScaleTargetRef;
        Assert.Equal(
            ("apps/v1", "Deployment", KubernetesFiles.Deployment.Metadata.Name),
            (target.ApiVersion, target.Kind, target.Name));
        // The files refer to ports by name, so that they apply regardless of the numbers.
        Assert.Equal(ports.Keys, service.Spec.Ports.Select(port => port.TargetPort.Value));
        Assert.Equal(ports, service.Spec.Ports.ToDictionary(port => port.Name, port => port.Port));
        Assert.Equal(ports.Keys, KubernetesFiles.NetworkPolicy.Spec.Ingress[0].Ports.Select(port => port.Port.Value));
        // One replica can be missing, during maintenance or after a crash.
        Assert.True(autoscaler.Spec.MinReplicas >= 2);
        Assert.Equal("1", KubernetesFiles.DisruptionBudget.Spec.MaxUnavailable.Value);
        Assert.Null(KubernetesFiles.Deployment.Spec.Replicas);
        var map = Assert.Single(KubernetesFiles.Kustomization.ConfigMapGenerator);
        Assert.Contains(map.Name, container.EnvFrom.Select(source => source.ConfigMapRef?.Name));
        var image = Assert.Single(KubernetesFiles.Kustomization.Images);
        Assert.Equal(image.Name, container.Image);
        Assert.Equal(KubernetesFiles.ServingImage, $"{image.NewName}:{image.NewTag}");
    }

    [Fact]
    public async Task Kustomization_AsKubectlReadsIt_IsTheServiceWithItsImageAndModel()
    {
        var kubectl = InstalledProgram.Require("kubectl");
        var start = new ProcessStartInfo(kubectl, ["kustomize", Path.Combine(KubernetesFiles.Folder, "service")])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var yaml = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(process.ExitCode == 0, await errors);

        var objects = KubernetesFiles.ParseAll(yaml);
        Assert.Equal(1 + KubernetesFiles.Kustomization.Resources.Count, objects.Count);
        var container = Assert.Single(objects.OfType<V1Deployment>()).Spec.Template.Spec.Containers[0];
        var map = Assert.Single(objects.OfType<V1ConfigMap>());
        Assert.Equal(KubernetesFiles.ServingImage, container.Image);
        Assert.Contains(map.Metadata.Name, container.EnvFrom.Select(source => source.ConfigMapRef?.Name));
        Assert.Equal("s3://modelarts-example/models/digits/0.0.1/", map.Data["MNISTLAB_MODEL"]);
    }

    // The user chooses the names below these fields.
    private static bool IsFree(string text, Match field)
    {
        var indent = field.Groups["indent"].Length;
        var above = text[..field.Index].Split('\n').LastOrDefault(line =>
            line.Trim().Length > 0 && line.TrimStart()[0] != '#' && line.Length - line.TrimStart().Length < indent);
        return above?.Trim() is "labels:" or "matchLabels:" or "requests:" or "limits:"
            || (above?.Trim() == "selector:" && field.Groups["name"].Value.Contains('/', StringComparison.Ordinal));
    }

    [GeneratedRegex(@"^(?<indent> *(?:- )?)(?<name>[a-zA-Z][a-zA-Z0-9./]*):", RegexOptions.Multiline)]
    private static partial Regex Field();
}
