using k8s.Models;

namespace MnistLab.Serving.Tests.Kubernetes;

/// <summary>
/// Represents KServe's <c>InferenceService</c>, <c>serving.kserve.io/v1beta1</c>, with the fields that the project's
/// file uses.
/// </summary>
internal sealed record InferenceService
{
    public string ApiVersion { get; init; } = "";

    public string Kind { get; init; } = "";

    public V1ObjectMeta Metadata { get; init; } = new();

    public InferenceServiceSpec Spec { get; init; } = new();
}

/// <summary>Represents the specification of an <see cref="InferenceService"/>.</summary>
internal sealed record InferenceServiceSpec
{
    public Predictor Predictor { get; init; } = new();
}

/// <summary>Represents the pods of the service, and their scaling by KServe (<c>ComponentExtensionSpec</c>).</summary>
internal sealed record Predictor : V1PodSpec
{
    public int? MinReplicas { get; init; }

    public int? MaxReplicas { get; init; }

    public string? ScaleMetric { get; init; }

    public int? ScaleTarget { get; init; }

    /// <summary>Gets the timeout of a request in seconds.</summary>
    public long? Timeout { get; init; }
}

/// <summary>
/// Represents the file that lists the other files of its folder, <c>kustomize.config.k8s.io/v1beta1</c>.
/// </summary>
internal sealed record Kustomization
{
    public string ApiVersion { get; init; } = "";

    public string Kind { get; init; } = "";

    public IList<string> Resources { get; init; } = [];

    public IList<GeneratedConfigMap> ConfigMapGenerator { get; init; } = [];

    public IList<KustomizedImage> Images { get; init; } = [];
}

/// <summary>Represents a ConfigMap whose name depends on its content.</summary>
internal sealed record GeneratedConfigMap
{
    public string Name { get; init; } = "";

    public IList<string> Literals { get; init; } = [];
}

/// <summary>Represents the replacement for an image in the other files.</summary>
internal sealed record KustomizedImage
{
    public string Name { get; init; } = "";

    public string NewName { get; init; } = "";

    public string NewTag { get; init; } = "";
}
