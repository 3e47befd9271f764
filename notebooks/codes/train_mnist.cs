#:project ../../lib/MnistLab.Training

// The boot file of the training job: what the platform runs, with --data_url and --train_url and the job's parameters.
// It also runs by itself (--log_dir names a folder for checkpoints and the event log, of which there are none without it):
//   dotnet run notebooks/codes/train_mnist.cs -- --data_url s3://modelarts-example/datasets/ --train_url s3://modelarts-example/log/

using System.Globalization;
using System.Runtime.CompilerServices;
using MnistLab.Data;
using MnistLab.Training;

var arguments = new JobArguments(args);
var model = arguments.Text("model", DigitModels.Softmax);
// What is not given is taken from the model's preset.
var preset = ModelPreset.Of(model);
var batchSize = arguments.Integer("batch_size", preset.BatchSize);
// A number, or a schedule such as 5:0.001->0.01,10:0.001 (until which epoch, which rate).
var learningRate = arguments.Text("learning_rate", preset.LearningRate.ToString(CultureInfo.InvariantCulture));
var augmentation = arguments.Number("augmentation", preset.Augmentation);
var maxNumberOfSteps = arguments.Integer("max_number_of_steps", 1000);
var seed = arguments.Integer("seed", 0);

// 1. The data: four .gz files, fetched from the data storage location.
var store = Workspace.Find().OpenStore();
var folder = Directory.CreateTempSubdirectory("train_mnist-").FullName;
await store.DownloadFolderAsync(arguments.Url("data_url"), folder);
var mnist = MnistDataset.Load(folder);
Directory.Delete(folder, recursive: true);
var (train, validation) = TrainValidationSplit.Split(mnist.Train);
Console.WriteLine($"{train.Count} images to train on, {validation.Count} to validate, {mnist.Test.Count} to test");

// 2. The run: where the data comes from, what the model is, how to optimize it.
DigitSet InputFn(RunMode mode) => mode == RunMode.Train ? train : validation;

ModelSpec ModelFn(RunMode mode) => preset.CreateModel();

var optimizer = learningRate.Contains(':', StringComparison.Ordinal)
    ? Mox.GetOptimizerFn(preset.Optimizer, LearningRateSchedule.Parse(learningRate, train.Count / batchSize), preset.WeightDecay, beta2: 0.99)
    : (preset with { LearningRate = arguments.Number("learning_rate", preset.LearningRate) }).OptimizerFor(maxNumberOfSteps);

var run = Mox.Run(
    InputFn,
    ModelFn,
    optimizer,
    RunMode.Train,
    batchSize: batchSize,
    maxNumberOfSteps: maxNumberOfSteps,
    logEveryNSteps: 10,
    evaluateEveryNSteps: Math.Max(1, maxNumberOfSteps / 10),
    seed: seed,
    // Where checkpoints and the event log are kept. A job that is resumed finds its newest checkpoint there.
    logDir: arguments.Text("log_dir", "") is { Length: > 0 } logDir ? logDir : null,
    saveModelSteps: arguments.Integer("save_model_steps", 200),
    // A job that is asked to stop saves a checkpoint first.
    cancellationToken: JobEnvironment.Stopping,
    augmentation: augmentation > 0 ? new AffineAugmentation(augmentation) : null,
    hyperParameters: new Dictionary<string, string>(arguments.HyperParameters) { ["model"] = model, ["learning_rate"] = learningRate });

// A trial of a search is judged by its validation data; the test set stays untouched, and nothing is exported.
if (!arguments.Flag("export_model", true)) return;

// 3. The result: measured once on the test set, and saved where the platform imports models from.
var test = Evaluation.Of(run.Network, mnist.Test);
Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"test accuracy: {test.Accuracy:F4} ({test.Confusion.Correct} of {test.Set.Count})"));

var manifest = new TrainingManifest(
    model,
    seed,
    arguments.HyperParameters,
    new Dictionary<string, string> { ["train"] = TrainingManifest.HashOf(mnist.Train), ["test"] = TrainingManifest.HashOf(mnist.Test) },
    run.Steps,
    run.Duration.TotalSeconds,
    new Dictionary<string, double> { ["test_accuracy"] = test.Accuracy });
var package = await ModelPackage.SaveAsync(store, arguments.Url("train_url"), run.Network, test, manifest, Path.Combine(Here(), "customize_service.cs"));
Console.WriteLine($"model saved to {package}");

static string Here([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
