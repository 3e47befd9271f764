using System.Text.Json.Nodes;
using MnistLab.Data.Workspaces;
using MnistLab.Storage;
using MnistLab.Training.Jobs;
using MnistLab.Training.Onnx;

namespace MnistLab.Training.Tests;

/// <summary>Tests the boot file of the course, run as a job.</summary>
public sealed class BootFileTests
{
    [Fact]
    public async Task BootFile_WithAMistypedParameter_FailsAndSuggestsTheNearestName()
    {
        await using var workspace = await WithBootFileAsync();

        var job = await workspace.SubmitAsync(Spec(workspace, ("max_steps", "2")));
        var error = await Assert.ThrowsAsync<TrainingJobException>(() => job.WaitAsync());

        Assert.Contains("There is no parameter 'max_steps'. Did you mean 'max_number_of_steps'?", error.Message, StringComparison.Ordinal);
        // It is the user's mistake, not the program's.
        Assert.DoesNotContain("   at ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task BootFile_WithFewParameters_RecordsAllSettingsOfTheRun()
    {
        await using var workspace = await WithBootFileAsync();

        var job = await workspace.SubmitAsync(Spec(workspace, ("model", "fast"), ("learning_rate", "0.002")));
        await job.WaitAsync();

        var settings = TrainingSettings.Resolve(job.Spec.Parameters, trainingSamples: 3_600);
        Assert.Equal($"settings: {settings}", Assert.Single(job.SearchLog("settings:")).Text);
        Assert.Equal(settings.MaxNumberOfSteps, job.Reports[^1].Step);
        var manifest = JsonNode.Parse(await workspace.Store.GetTextAsync(job.OutputUrl / "model/manifest.json"))!;
        var recorded = manifest["hyper_parameters"]!.AsObject().ToDictionary(item => item.Key, item => (string)item.Value!);
        Assert.Equal(settings, TrainingSettings.Resolve(recorded, trainingSamples: 1_000_000));
    }

    [Fact]
    public async Task BootFile_OfANetworkOfItsOwn_LeavesAPackageThatOnnxRuntimeRuns()
    {
        await using var workspace = await WithBootFileAsync();
        var spec = Spec(workspace, ("max_number_of_steps", "20")) with { BootFileUrl = workspace.Bucket / "codes/train_my_network.cs" };

        var job = await workspace.SubmitAsync(spec);
        await job.WaitAsync();

        var manifest = await ModelPackage.ReadManifestAsync(workspace.Store, job.OutputUrl);
        Assert.Equal(("my-network", "20"), (manifest.Model, manifest.HyperParameters["max_number_of_steps"]));
        using var content = new MemoryStream();
        await using (var model = await workspace.Store.GetAsync(job.OutputUrl / "model/model.onnx")) await model.CopyToAsync(content);
        using var session = new Microsoft.ML.OnnxRuntime.InferenceSession(content.ToArray());
        Assert.Equal([-1, 10], session.OutputMetadata[OnnxExporter.OutputName].Dimensions);
    }

    [Fact]
    public async Task BootFile_ThatDefinesAClassOfNetworks_TrainsAndExportsIt()
    {
        await using var workspace = await JobWorkspace.CreateAsync(OwnClass);

        var job = await workspace.SubmitAsync(workspace.Spec("job", ("model", "own")));
        await job.WaitAsync();

        Assert.Equal("Identity:logits own", Assert.Single(job.SearchLog("Identity")).Text);
    }

    // Covers the whole path of a class that the library does not know: preset, settings, run, and export.
    private const string OwnClass =
        """
        using MnistLab.Data.Datasets;
        using MnistLab.Training;
        using MnistLab.Training.Jobs;
        using MnistLab.Training.Onnx;
        using TorchSharp;
        using static TorchSharp.torch;

        var own = new ModelPreset("own", () => new Own(), "sgd", 0.1, 20, 1)
        {
            Layers = OnnxLayers.Default.With<Own>((network, writer) => writer.Node("Identity", [writer.Layer("linear", network.Layer, writer.Node("Flatten"))], "last")),
        };
        var settings = TrainingSettings.Resolve(new JobArguments(args).HyperParameters, 100, ModelPresets.Default.With(own));
        var digits = new ImageDataset(Enumerable.Range(0, 100 * 784).Select(i => (byte)(i * 7)).ToArray(), Enumerable.Range(0, 100).Select(i => (byte)(i % 10)).ToArray(), 28, 28);
        var run = Mox.Run(_ => digits, _ => settings.CreateModel(), settings.CreateOptimizer(100), batchSize: 20, maxNumberOfSteps: 3);
        var graph = OnnxGraph.Read(OnnxExporter.Export(run.Network, settings.Model, settings.Preset.Layers));
        Console.WriteLine($"{graph.Nodes[^1].Operator}:{graph.Nodes[^1].Output} {graph.Name}");

        class Own : nn.Module<Tensor, Tensor>
        {
            public readonly nn.Module<Tensor, Tensor> Layer = nn.Linear(784, 10);

            public Own() : base("Own") => RegisterComponents();

            public override Tensor forward(Tensor images) => Layer.forward(images.flatten(1));
        }
        """;

    private static async Task<JobWorkspace> WithBootFileAsync()
    {
        var workspace = await JobWorkspace.CreateAsync("");
        var codes = Path.Combine(Workspace.Find(AppContext.BaseDirectory).Root, "notebooks", "codes");
        await workspace.Store.UploadFolderAsync(codes, workspace.Bucket / "codes/");
        return workspace;
    }

    private static TrainingJobSpec Spec(JobWorkspace workspace, params (string Name, string Value)[] parameters) =>
        workspace.Spec("job", parameters) with { BootFileUrl = workspace.Bucket / "codes/train_mnist.cs" };
}
