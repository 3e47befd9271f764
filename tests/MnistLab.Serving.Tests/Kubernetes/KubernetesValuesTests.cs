using System.Xml.Linq;
using k8s.Models;
using MnistLab.Data.Workspaces;
using MnistLab.Serving.Foreground;
using MnistLab.Serving.Instances;
using MnistLab.Serving.Online;
using MnistLab.Serving.Operations;
using MnistLab.Serving.Requests;
using MnistLab.Storage;

namespace MnistLab.Serving.Tests.Kubernetes;

/// <summary>
/// Tests that the files of <c>deploy/kubernetes</c> match the service, its image, and the documentation.
/// </summary>
public sealed class KubernetesValuesTests
{
    private static readonly XElement Project =
        XElement.Load(Path.Combine(Workspace.Find().Root, "lib", "MnistLab.Serving", "MnistLab.Serving.csproj"));

    private static readonly string[] StoreKeys =
        [StoreVariables.Endpoint, StoreVariables.AccessKey, StoreVariables.SecretKey];

    public static TheoryData<int> Pods => [.. Enumerable.Range(0, KubernetesFiles.ServingPods.Count)];

    [Theory]
    [MemberData(nameof(Pods))]
    public void Variables_OfAServingPod_ConfigureTheService(int index)
    {
        var pod = KubernetesFiles.ServingPods[index];
        var variables = VariablesOf(pod.Containers[0]);
        // A variable that no code reads would be a mistake; PROTOCOL is for KServe.
        string[] known =
            [.. ForegroundOptions.All.Select(item => item.Variable), ServiceVariables.Token, .. StoreKeys, "PROTOCOL"];
        Assert.All(variables.Keys, name => Assert.Contains(name, known));

        var options = new ForegroundOptions(_ => null, name => variables.GetValueOrDefault(name));
        var settings = options.ReadSettings("/tmp/model");

        Assert.Equal("digits", settings.Service);
        Assert.Equal("s3://modelarts-example/models/digits/0.0.1/", settings.Models[0].Location);
        Assert.Equal(("0.0.0.0", LogFormat.Json), (settings.Access!.Address, settings.LogFormat));
        // The first port of the container is for HTTP.
        var ports = pod.Containers[0].Ports;
        Assert.Equal(ForegroundOptions.DefaultPort, settings.Port);
        Assert.Equal(settings.Port, ports[0].ContainerPort);
        if (ports.Count > 1) Assert.Equal(settings.GrpcPort, ports[1].ContainerPort);
    }

    [Theory]
    [MemberData(nameof(Pods))]
    public void Times_OfAServingPod_FitThoseOfTheService(int index)
    {
        var pod = KubernetesFiles.ServingPods[index];
        var container = pod.Containers[0];
        var variables = VariablesOf(container);
        var options = new ForegroundOptions(_ => null, name => variables.GetValueOrDefault(name));
        var settings = options.ReadSettings("/tmp/model");

        // It is not killed while it finishes requests.
        var shutdown = OnlineServiceApplication.ShutdownTimeout(settings, run: null);
        Assert.True(pod.TerminationGracePeriodSeconds > shutdown.TotalSeconds, $"{shutdown}");
        // It is not restarted while it still tries to reach the store.
        var startup = container.StartupProbe;
        Assert.True(startup.PeriodSeconds * startup.FailureThreshold > options.StartTimeout.TotalSeconds);
        // The end of readiness is detected before the replica stops listening.
        var readiness = container.ReadinessProbe;
        var notice = (readiness.PeriodSeconds * readiness.FailureThreshold) + readiness.TimeoutSeconds;
        Assert.True(notice < settings.Drain.TotalSeconds);
        // KServe does not time out before the prediction does.
        if (pod is Predictor predictor) Assert.True(predictor.Timeout > settings.PredictionLimit.TotalSeconds);
    }

    [Theory]
    [MemberData(nameof(Pods))]
    public void Probes_OfAServingPod_AskTheAddressesOfTheService(int index)
    {
        var container = KubernetesFiles.ServingPods[index].Containers[0];
        (string Path, string Port) Of(V1Probe probe) =>
            (probe.HttpGet.Path, NumberOf(container, probe.HttpGet.Port.Value));
        var port = $"{ForegroundOptions.DefaultPort}";
        // KServe uses the probes of the Open Inference Protocol.
        var isKServe = KubernetesFiles.ServingPods[index] is Predictor;

        Assert.Equal((HealthEndpoints.Startup, port), Of(container.StartupProbe));
        Assert.Equal((isKServe ? "/v2/health/live" : HealthEndpoints.Live, port), Of(container.LivenessProbe));
        Assert.Equal((isKServe ? "/v2/health/ready" : HealthEndpoints.Ready, port), Of(container.ReadinessProbe));
        if (isKServe) Assert.Equal("v2", VariablesOf(container)["PROTOCOL"]);
    }

    [Fact]
    public void Pods_OfAllFiles_AreLockedDown()
    {
        V1PodSpec[] pods = [.. KubernetesFiles.ServingPods, KubernetesFiles.TrainingJob.Spec.Template.Spec];
        var user = long.Parse(Property("ContainerUser"), System.Globalization.CultureInfo.InvariantCulture);

        Assert.All(pods, pod =>
        {
            var container = Assert.Single(pod.Containers);
            Assert.Equal((true, user), (pod.SecurityContext.RunAsNonRoot, pod.SecurityContext.RunAsUser));
            Assert.Equal("RuntimeDefault", pod.SecurityContext.SeccompProfile.Type);
            Assert.Equal((false, false), (pod.AutomountServiceAccountToken, pod.EnableServiceLinks));
            var security = container.SecurityContext;
            Assert.Equal((false, true), (security.AllowPrivilegeEscalation, security.ReadOnlyRootFilesystem));
            Assert.Equal(["ALL"], security.Capabilities.Drop);
            // The temporary folder, the only one that can be written to, has a limit.
            Assert.Contains(container.VolumeMounts, mount => mount.MountPath == "/tmp");
            Assert.Equal(
                pod.Volumes.Select(volume => volume.Name).Order(),
                container.VolumeMounts.Select(mount => mount.Name).Order());
            Assert.All(pod.Volumes, volume => Assert.NotNull(volume.EmptyDir.SizeLimit));
        });
        Assert.All(KubernetesFiles.ServingPods, pod => Assert.Single(pod.Volumes));
    }

    [Theory]
    [MemberData(nameof(Pods))]
    public void Resources_OfAServingPod_HoldWhatTheLimitsOfTheServicePermit(int index)
    {
        var resources = KubernetesFiles.ServingPods[index].Containers[0].Resources;

        // The service itself takes less than the request; all large bodies that it accepts concurrently are added to
        // that.
        var limit = resources.Limits["memory"].ToInt64() - resources.Requests["memory"].ToInt64();
        Assert.True(limit > ServiceLimits.LargeBodiesBytes);
        Assert.True(resources.Limits["cpu"].ToDecimal() >= resources.Requests["cpu"].ToDecimal());
    }

    [Fact]
    public void Image_OfTheFiles_IsTheOneThatTheProjectMakes()
    {
        var properties = XElement.Load(Path.Combine(Workspace.Find().Root, "Directory.Build.props"));
        var version = properties.Descendants("Version").Single().Value;
        var ports = Project.Descendants("ContainerPort").Select(port => (string)port.Attribute("Include")!);

        Assert.Equal($"{Property("ContainerRepository")}:{version}", KubernetesFiles.ServingImage);
        var container = KubernetesFiles.Deployment.Spec.Template.Spec.Containers[0];
        Assert.Equal(container.Ports.Select(port => $"{port.ContainerPort}"), ports);
    }

    [Fact]
    public void Secrets_OfTheFiles_AreThoseOfThePage()
    {
        var page = File.ReadAllText(Path.Combine(Workspace.Find().Root, "docs", "beyond-one-machine.md"));
        V1PodSpec[] pods = [.. KubernetesFiles.ServingPods, KubernetesFiles.TrainingJob.Spec.Template.Spec];
        var secrets = pods.SelectMany(pod => pod.Containers[0].EnvFrom)
            .Where(source => source.SecretRef is not null).Select(source => source.SecretRef.Name).Distinct();

        Assert.Equal(["mnistlab-store", "mnistlab-token"], secrets.Order());
        Assert.All(
            secrets,
            name => Assert.Contains($"kubectl create secret generic {name} ", page, StringComparison.Ordinal));
        Assert.All(
            (string[])[.. StoreKeys, ServiceVariables.Token],
            key => Assert.Contains($"--from-literal={key}=", page, StringComparison.Ordinal));
    }

    // The variables in the container: those of the image, the file, the map, and the secrets.
    private static Dictionary<string, string> VariablesOf(V1Container container)
    {
        var variables = Project.Descendants("ContainerEnvironmentVariable")
            .ToDictionary(item => (string)item.Attribute("Include")!, item => (string)item.Attribute("Value")!);
        foreach (var variable in container.Env) variables[variable.Name] = variable.Value;
        if (container.EnvFrom.Any(source => source.ConfigMapRef is not null))
        {
            var map = KubernetesFiles.Kustomization.ConfigMapGenerator.Single();
            foreach (var literal in map.Literals.Select(text => text.Split('=', 2)))
                variables[literal[0]] = literal[1];
        }

        foreach (var key in StoreKeys) variables[key] = "https://store.example";
        variables[ServiceVariables.Token] = "a-token-of-the-test";
        return variables;
    }

    private static string NumberOf(V1Container container, string port) =>
        container.Ports.FirstOrDefault(item => item.Name == port) is { } named ? $"{named.ContainerPort}" : port;

    private static string Property(string name) => Project.Descendants(name).Single().Value;
}
