using k8s.Models;

namespace MnistLab.Serving.Tests.Kubernetes;

/// <summary>
/// KServe's <c>InferenceService</c>, <c>serving.kserve.io/v1beta1</c>, as far as the project's file uses it.
/// </summary>
internal sealed record InferenceService
{
    public string ApiVersion { get; init; } = "";

    public string Kind { get; init; } = "";

    public V1ObjectMeta Metadata { get; init; } = new();

    public InferenceServiceSpec Spec { get; init; } = new();
}

/// <summary>What an <see cref="InferenceService"/> consists of.</summary>
internal sealed record InferenceServiceSpec
{
    public Predictor Predictor { get; init; } = new();
}

/// <summary>Its pods, and how KServe scales them (<c>ComponentExtensionSpec</c>).</summary>
internal sealed record Predictor : V1PodSpec
{
    public int? MinReplicas { get; init; }

    public int? MaxReplicas { get; init; }

    public string? ScaleMetric { get; init; }

    public int? ScaleTarget { get; init; }

    /// <summary>Gets the maximum length of a request in seconds.</summary>
    public long? Timeout { get; init; }
}

/// <summary>The file that names the others of its folder, <c>kustomize.config.k8s.io/v1beta1</c>.</summary>
internal sealed record Kustomization
{
    public string ApiVersion { get; init; } = "";

    public string Kind { get; init; } = "";

    public IList<string> Resources { get; init; } = [];

    public IList<GeneratedConfigMap> ConfigMapGenerator { get; init; } = [];

    public IList<KustomizedImage> Images { get; init; } = [];
}

/// <summary>A map of variables that is named after its content.</summary>
internal sealed record GeneratedConfigMap
{
    public string Name { get; init; } = "";

    public IList<string> Literals { get; init; } = [];
}

/// <summary>What stands for an image of the other files.</summary>
internal sealed record KustomizedImage
{
    public string Name { get; init; } = "";

    public string NewName { get; init; } = "";

    public string NewTag { get; init; } = "";
}
