using k8s;
using k8s.Models;
using MnistLab.Data.Workspaces;

namespace MnistLab.Serving.Tests.Kubernetes;

/// <summary>
/// Reads the files of <c>deploy/kubernetes</c> into the typed models of Kubernetes' own client. A field that a model
/// does not have is an error.
/// </summary>
internal static class KubernetesFiles
{
    private static readonly Dictionary<string, Type> OtherKinds = new()
    {
        ["kustomize.config.k8s.io/v1beta1/Kustomization"] = typeof(Kustomization),
        ["serving.kserve.io/v1beta1/InferenceService"] = typeof(InferenceService),
    };

    /// <summary>Gets the folder of the files.</summary>
    public static string Folder { get; } = Path.Combine(Workspace.Find().Root, "deploy", "kubernetes");

    /// <summary>Gets the paths of all files, relative to the folder.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        .. Directory.GetFiles(Folder, "*", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(Folder, file).Replace('\\', '/')),
    ];

    public static Kustomization Kustomization => Read<Kustomization>("service/kustomization.yaml");

    public static V1Deployment Deployment => Read<V1Deployment>("service/deployment.yaml");

    public static V1Service Service => Read<V1Service>("service/service.yaml");

    public static V2HorizontalPodAutoscaler Autoscaler =>
        Read<V2HorizontalPodAutoscaler>("service/horizontal-pod-autoscaler.yaml");

    public static V1PodDisruptionBudget DisruptionBudget =>
        Read<V1PodDisruptionBudget>("service/pod-disruption-budget.yaml");

    public static V1NetworkPolicy NetworkPolicy => Read<V1NetworkPolicy>("service/network-policy.yaml");

    public static V1Job TrainingJob => Read<V1Job>("training-job.yaml");

    public static InferenceService InferenceService => Read<InferenceService>("inference-service.yaml");

    /// <summary>Gets the pods that serve: those of the deployment, and those of KServe.</summary>
    public static IReadOnlyList<V1PodSpec> ServingPods =>
        [Deployment.Spec.Template.Spec, InferenceService.Spec.Predictor];

    /// <summary>Gets the image of the service, as the files specify it.</summary>
    public static string ServingImage => InferenceService.Spec.Predictor.Containers[0].Image;

    /// <summary>Gets the probes of the service.</summary>
    public static IEnumerable<V1Probe> Probes => ServingPods.Select(pod => pod.Containers[0])
        .SelectMany(container =>
            (V1Probe[])[container.StartupProbe, container.LivenessProbe, container.ReadinessProbe]);

    /// <summary>Parses a text with one object.</summary>
    public static object Parse(string yaml) => Assert.Single(ParseAll(yaml));

    /// <summary>Parses a text with several objects.</summary>
    public static IReadOnlyList<object> ParseAll(string yaml) =>
        KubernetesYaml.LoadAllFromString(yaml, OtherKinds, strict: true);

    /// <summary>Reads the text of a file.</summary>
    public static string Text(string file) => File.ReadAllText(Path.Combine(Folder, file));

    private static T Read<T>(string file) => Assert.IsType<T>(Parse(Text(file)));
}
