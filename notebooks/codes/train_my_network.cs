#:project ../../lib/MnistLab.Training
#:property PublishAot=false

// A boot file for a network of your own. Change MyNetwork below, and submit the file as a training job.
// It also runs on its own:
//   dotnet run notebooks/codes/train_my_network.cs -- \
//     --data_url s3://modelarts-example/datasets/ --train_url s3://modelarts-example/log/

using System.Runtime.CompilerServices;
using MnistLab.Data.Datasets;
using MnistLab.Data.Workspaces;
using MnistLab.Storage;
using MnistLab.Training;
using MnistLab.Training.Jobs;
using MnistLab.Training.Networks;
using MnistLab.Training.Results;
using static TorchSharp.torch;

// The presets of the library, and yours: the optimizer, the maximum learning rate, the batch size, and the epochs.
var presets = ModelPresets.Default.With(
    new ModelPreset("my-network", MyNetwork.Create, "adamw", 0.005, 96, 1.5));

// 1. The data.
var arguments = new JobArguments(args);
var store = Workspace.Find().OpenStore();
var folder = Directory.CreateTempSubdirectory("train_my_network-").FullName;
await store.DownloadFolderAsync(arguments.Url("data_url"), folder);
var mnist = MnistDataset.Load(folder);
Directory.Delete(folder, recursive: true);
var (train, validation) = TrainValidationSplit.Split(mnist.Train);

// 2. The run. Settings that the form of the job does not name come from the preset.
var given = new Dictionary<string, string>(arguments.HyperParameters);
given.TryAdd("model", "my-network");
var settings = TrainingSettings.Resolve(given, train.Count, presets);
Console.WriteLine($"settings: {settings}");
var run = Mox.Run(
    mode => mode == RunMode.Train ? train : validation,
    _ => settings.CreateModel(train.Kind),
    settings.CreateOptimizer(train.Count),
    batchSize: settings.BatchSize,
    maxNumberOfSteps: settings.MaxNumberOfSteps,
    evaluateEveryNSteps: settings.EvaluateEveryNSteps,
    seed: settings.Seed,
    logDir: arguments.Text("log_dir", "") is { Length: > 0 } logDir ? logDir : null,
    cancellationToken: JobEnvironment.Stopping,
    augmentation: settings.Augmenter,
    hyperParameters: settings.ToParameters());

// 3. The model package.
var test = Evaluation.Compute(run.Network, mnist.Test);
Console.WriteLine(FormattableString.Invariant(
    $"test accuracy: {test.Accuracy:F4} ({test.Confusion.Correct} of {test.Set.Count})"));
var manifest = new TrainingManifest(
    settings.Model,
    settings.Seed,
    settings.ToParameters(),
    new Dictionary<string, string>
    {
        ["train"] = TrainingManifest.HashOf(mnist.Train),
        ["test"] = TrainingManifest.HashOf(mnist.Test),
    },
    run.Steps,
    run.Duration.TotalSeconds,
    new Dictionary<string, double> { ["test_accuracy"] = test.Accuracy })
{
    Code = TrainingManifest.HashCode(Here()),
};
var package = await ModelPackage.SaveAsync(
    store, arguments.Url("train_url"), run.Network, test, manifest,
    Path.Combine(Here(), "customize_service.cs"), settings.Preset.Layers);
Console.WriteLine($"model saved to {package}");

static string Here([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;

/// <summary>Your network: images, float32 [N, 1, 28, 28] in [0, 1], to ten scores each.</summary>
internal static class MyNetwork
{
    public static nn.Module<Tensor, Tensor> Create() => nn.Sequential(
        ("normalize", new NormalizePixels()),
        ("conv1", nn.Conv2d(1, 8, kernel_size: 3)),
        ("relu1", nn.ReLU()),
        ("pool1", nn.MaxPool2d(2)),
        ("conv2", nn.Conv2d(8, 16, kernel_size: 3)),
        ("relu2", nn.ReLU()),
        ("pool2", nn.MaxPool2d(2)),
        ("flatten", nn.Flatten()),
        ("output", nn.Linear(16 * 5 * 5, 10)));
}
