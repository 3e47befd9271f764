using System.Globalization;
using MnistLab.Data;
using MnistLab.Training;
using static TorchSharp.torch;

if (args is ["submit", var bucket])
{
    // Submits a job in that bucket, and waits to be killed.
    var root = ObjectUrl.Parse(bucket);
    await new TrainingJobs(Workspace.Find()).SubmitAsync(new TrainingJobSpec { JobName = "job", AppUrl = root / "codes/", BootFileUrl = root / "codes/boot.cs", DataUrl = root / "datasets/", TrainUrl = root / "log/" });
    Console.WriteLine("submitted");
    Console.In.Read();
    return;
}

// LOGDIR STEPS: trains a small network with dropout on the bundled sample, and writes a line for each step.
var digits = MnistDataset.Load(Workspace.Find().SampleFolder).Train;
Mox.Run(
    _ => digits,
    _ => ModelSpec.Classifier(nn.Sequential(("conv", nn.Conv2d(1, 4, 5, stride: 2)), ("norm", nn.BatchNorm2d(4)), ("relu", nn.ReLU()), ("flatten", nn.Flatten()), ("dropout", nn.Dropout(0.3)), ("output", nn.Linear(4 * 12 * 12, 10)))),
    Mox.GetOptimizerFn("adamw", 0.001),
    batchSize: 16,
    maxNumberOfSteps: long.Parse(args[1], CultureInfo.InvariantCulture),
    logEveryNSteps: 1,
    seed: 5,
    logDir: args[0],
    saveModelSteps: 3);
