using System.Security.Cryptography;
using MnistLab.Data.Datasets;
using MnistLab.Data.Workspaces;
using MnistLab.Storage;
using MnistLab.Training.Jobs;

namespace MnistLab.Training.Tests;

/// <summary>Tests that the manifest of a model is sufficient to train it again.</summary>
public sealed class ReproductionTests
{
    [Fact]
    public async Task Reproduce_FromNothingButTheManifest_HasTheSameWeights()
    {
        await using var workspace = await WithBootFileAsync();
        var cancellationToken = TestContext.Current.CancellationToken;
        // Few settings are given; the others come from the preset of the model.
        var spec = Spec(workspace, ("model", "fast"), ("seed", "7"), ("max_number_of_steps", "40"));
        var job = await workspace.SubmitAsync(spec);
        await job.WaitAsync(cancellationToken: cancellationToken);
        var text = await workspace.Store.GetTextAsync(job.OutputUrl / "model/manifest.json", cancellationToken);
        await workspace.Store.DeleteFolderAsync(spec.TrainUrl, cancellationToken);

        // Only the manifest is left, as if someone had received it as a file.
        await workspace.Store.PutTextAsync(workspace.Bucket / "kept/model/manifest.json", text, cancellationToken);
        var kept = workspace.Bucket / "kept/";
        var manifest = await ModelPackage.ReadManifestAsync(workspace.Store, kept, cancellationToken);
        var again = await ReproduceAsync(workspace, manifest);
        var otherSeed = new Dictionary<string, string>(manifest.HyperParameters) { ["seed"] = "8" };
        var other = await ReproduceAsync(workspace, manifest with { HyperParameters = otherSeed });

        Assert.Equal(manifest.Weights, again.Weights);
        Assert.Empty(again.DifferencesFrom(manifest));
        Assert.NotEqual(manifest.Weights, other.Weights);
        Assert.Equal(["setting seed: 8, was 7"], other.DifferencesFrom(manifest));
    }

    [Fact]
    public async Task Manifest_OfAJob_RecordsCodeDataVersionsAndCommit()
    {
        await using var workspace = await WithBootFileAsync();
        var cancellationToken = TestContext.Current.CancellationToken;
        var job = await workspace.SubmitAsync(Spec(workspace, ("max_number_of_steps", "2")));
        await job.WaitAsync(cancellationToken: cancellationToken);
        var manifest = await ModelPackage.ReadManifestAsync(workspace.Store, job.OutputUrl, cancellationToken);

        Assert.Equal(Origin, manifest.Job);
        Assert.Equal(["customize_service.cs", "predict.cs", "train_mnist.cs", "train_my_network.cs"], manifest.Code.Keys);
        Assert.Equal(TrainingManifest.HashCode(Codes), manifest.Code);
        var sample = MnistDataset.Load(Workspace.Find(AppContext.BaseDirectory).SampleFolder);
        Assert.Equal(TrainingManifest.HashOf(sample.Train), manifest.Data["train"]);
        Assert.Equal(TrainingManifest.HashOf(sample.Test), manifest.Data["test"]);
        Assert.Equal(TrainingSettings.Resolve(job.Spec.Parameters, 3_600).ToParameters(), manifest.HyperParameters);
        foreach (var package in new[] { "TorchSharp", "libtorch-cpu", "Google.Protobuf" })
            Assert.Matches(@"^\d+\.\d+\.\d+", manifest.Packages[package]);
        Assert.Matches(@"^\d+\.\d+\.\d+$", manifest.Versions["MnistLab"]);
        Assert.Equal(Environment.Version.ToString(), manifest.Versions[".NET"]);
        if (Path.Exists(Path.Combine(Workspace.Find(AppContext.BaseDirectory).Root, ".git")))
            Assert.Matches("^[0-9a-f]{40}$", manifest.Commit);
        var file = job.OutputUrl / "model/weights.safetensors";
        await using var weights = await workspace.Store.GetAsync(file, null, cancellationToken);
        Assert.Equal(Convert.ToHexStringLower(await SHA256.HashDataAsync(weights, cancellationToken)), manifest.Weights);
    }

    [Fact]
    public async Task Reproduce_WithAnotherBootFile_NamesTheFile()
    {
        await using var workspace = await WithBootFileAsync();
        var manifest = Manifest() with { Code = TrainingManifest.HashCode(Codes), Job = Origin };
        await workspace.Store.PutTextAsync(workspace.Bucket / "codes/train_mnist.cs", "// another one");

        var error = await Assert.ThrowsAsync<TrainingJobException>(() => ReproduceAsync(workspace, manifest));

        const string Expected = "s3://bucket/codes/train_mnist.cs is not the file that the model came from";
        Assert.StartsWith(Expected, error.Message, StringComparison.Ordinal);
        Assert.Empty(workspace.Jobs.All);
    }

    [Fact]
    public async Task Reproduce_WithoutAFileOfTheCode_NamesTheFile()
    {
        await using var workspace = await WithBootFileAsync();
        var code = new Dictionary<string, string> { ["network.cs"] = "00" };
        var manifest = Manifest() with { Code = code, Job = Origin };

        var error = await Assert.ThrowsAsync<TrainingJobException>(() => ReproduceAsync(workspace, manifest));

        Assert.StartsWith("s3://bucket/codes/network.cs is missing in ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reproduce_OfAModelThatCameFromNoJob_SaysSo()
    {
        await using var workspace = await WithBootFileAsync();

        var error = await Assert.ThrowsAsync<TrainingJobException>(() => ReproduceAsync(workspace, Manifest()));

        Assert.StartsWith("The model did not come from a training job", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("[")]
    [InlineData("{" + RequiredFields + """, "images": {"class_names": ["a"], "mean": 7, "standard_deviation": 1} }""")]
    public async Task ReadManifest_OfADamagedFile_NamesIt(string content)
    {
        await using var workspace = await WithBootFileAsync();
        var log = workspace.Bucket / "log/";
        await workspace.Store.PutTextAsync(log / "model/manifest.json", content);

        var error = await Assert.ThrowsAsync<InvalidDataException>(
            () => ModelPackage.ReadManifestAsync(workspace.Store, log, TestContext.Current.CancellationToken));

        Assert.StartsWith("s3://bucket/log/model/manifest.json is ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ReadManifest_OfAPackageWithoutTheKindOfItsImages_ReadsTheRest()
    {
        await using var workspace = await WithBootFileAsync();
        var log = workspace.Bucket / "log/";
        await workspace.Store.PutTextAsync(log / "model/manifest.json", "{" + RequiredFields + "}");

        var manifest = await ModelPackage.ReadManifestAsync(workspace.Store, log, TestContext.Current.CancellationToken);

        Assert.Equal(("softmax", 5L, null), (manifest.Model, manifest.Steps, manifest.Images));
    }

    private const string RequiredFields =
        """
        "model": "softmax", "seed": 3, "steps": 5, "training_seconds": 1, "hyper_parameters": {}, "data": {},
        "metrics": {}
        """;

    private static string Codes => Path.Combine(Workspace.Find(AppContext.BaseDirectory).Root, "notebooks", "codes");

    private static JobOrigin Origin =>
        new("job", "V0001", "s3://bucket/codes/", "s3://bucket/codes/train_mnist.cs", "s3://bucket/datasets/");

    private static TrainingManifest Manifest()
    {
        var nothing = new Dictionary<string, string>();
        return new("softmax", 0, nothing, nothing, 1, 1, new Dictionary<string, double>());
    }

    private static TrainingJobSpec Spec(JobWorkspace workspace, params (string Name, string Value)[] parameters) =>
        workspace.Spec("job", parameters) with { BootFileUrl = workspace.Bucket / "codes/train_mnist.cs" };

    private static async Task<TrainingManifest> ReproduceAsync(JobWorkspace workspace, TrainingManifest manifest)
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        var job = await workspace.Jobs.ReproduceAsync(manifest, workspace.Bucket / "again/", cancellationToken);
        await job.WaitAsync(cancellationToken: cancellationToken);
        return await ModelPackage.ReadManifestAsync(workspace.Store, job.OutputUrl, cancellationToken);
    }

    private static async Task<JobWorkspace> WithBootFileAsync()
    {
        var workspace = await JobWorkspace.CreateAsync("");
        await workspace.Store.UploadFolderAsync(Codes, workspace.Bucket / "codes/");
        await workspace.Store.DeleteAsync(workspace.Bucket / "codes/boot.cs");
        return workspace;
    }
}
