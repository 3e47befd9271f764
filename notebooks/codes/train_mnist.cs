#:project ../../lib/MnistLab.Training
#:property PublishAot=false

// The boot file of the training job: the platform runs it with --data_url, --train_url, and the job's parameters.
// It also runs on its own. Add --log_dir FOLDER to keep checkpoints and the event log:
//   dotnet run notebooks/codes/train_mnist.cs -- \
//     --data_url s3://modelarts-example/datasets/ --train_url s3://modelarts-example/log/

using System.Runtime.CompilerServices;
using MnistLab.Data.Datasets;
using MnistLab.Data.Workspaces;
using MnistLab.Training;
using MnistLab.Training.Jobs;
using MnistLab.Training.Results;

var arguments = new JobArguments(args);
// Reject a mistyped parameter before downloading the data.
TrainingSettings.Validate(arguments.HyperParameters);

// 1. The data: four .gz files, downloaded from the data storage location.
var store = Workspace.Find().OpenStore();
var mnist = await MnistDataset.LoadAsync(store, arguments.Url("data_url"));
var (train, validation) = TrainValidationSplit.Split(mnist.Train);
Console.WriteLine($"{train.Count} images to train on, {validation.Count} to validate, {mnist.Test.Count} to test");

// Settings that are not given, such as the number of steps, come from the model's preset.
var settings = TrainingSettings.Resolve(arguments.HyperParameters, train.Count);
Console.WriteLine($"settings: {settings}");

// 2. The run: where the data comes from, what the model is, how to optimize it.
ImageDataset InputFn(RunMode mode) => mode == RunMode.Train ? train : validation;

ModelSpec ModelFn(RunMode mode) => settings.CreateModel(train.Kind);

var run = Mox.Run(
    InputFn,
    ModelFn,
    settings.CreateOptimizer(train.Count),
    RunMode.Train,
    batchSize: settings.BatchSize,
    maxNumberOfSteps: settings.MaxNumberOfSteps,
    logEveryNSteps: 10,
    evaluateEveryNSteps: settings.EvaluateEveryNSteps,
    restoreBestWeights: settings.RestoreBestWeights,
    seed: settings.Seed,
    // The folder of checkpoints, metrics, and the event log. A resumed job finds its newest checkpoint there.
    logDir: arguments.Text("log_dir", "") is { Length: > 0 } logDir ? logDir : null,
    saveModelSteps: settings.SaveModelSteps,
    // A job that is stopped saves a checkpoint first.
    cancellationToken: JobEnvironment.Stopping,
    augmentation: settings.Augmenter,
    hyperParameters: settings.ToParameters());

// A trial of a search is judged on the validation data: the test set stays untouched, and nothing is exported.
// If there are several workers, all have the same network now, and the first one exports it.
if (!settings.ExportModel || !JobEnvironment.IsFirstWorker) return;

// 3. The model package: the network, measured once on the test set, and saved where the platform imports models from.
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
    store, arguments.Url("train_url"), run.Network, test, manifest, Path.Combine(Here(), "customize_service.cs"));
Console.WriteLine($"model saved to {package}");

static string Here([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
