using System.Globalization;
using MnistLab.Data.Datasets;
using MnistLab.Data.Workspaces;
using MnistLab.Storage;
using MnistLab.Training;
using MnistLab.Training.Jobs;
using MnistLab.TrainingProgram;
using static TorchSharp.torch;

if (args is ["submit", var bucket])
{
    // Submits a job in that bucket, and waits to be killed.
    var root = ObjectUrl.Parse(bucket);
    await new TrainingJobs(Workspace.Find()).SubmitAsync(SpecOf(root));
    Console.WriteLine("submitted");
    Console.In.Read();
    return;
}

if (args is [ParallelRun.Argument, var options])
{
    ParallelRun.Run(options);
    return;
}

if (args is ["wait"])
{
    Console.WriteLine("waiting");
    Console.In.ReadToEnd();
    return;
}

if (args is ["fill-disk", var disk])
{
    // Runs a job whose boot file fills the disk of its workspace, and prints how the job ended.
    File.WriteAllText(Path.Combine(disk, "MnistLab.slnx"), "<Solution />");
    var workspace = Workspace.Find(disk);
    var (store, root) = (workspace.OpenStore(), ObjectUrl.Parse("s3://bucket/"));
    await store.CreateBucketAsync(root.Bucket);
    await store.UploadFolderAsync(Environment.GetEnvironmentVariable("MNISTLAB_SAMPLE")!, root / "datasets/");
    await store.PutTextAsync(
        root / "codes/boot.cs",
        """
        var folder = Directory.CreateDirectory(new MnistLab.Training.Jobs.JobArguments(args).Text("log_dir", "")).FullName;
        var path = Path.Combine(folder, "checkpoint");
        using var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
        try
        {
            for (var block = new byte[4096]; ;) file.Write(block);
        }
        catch (IOException)
        {
            Console.WriteLine("the disk is full now");
        }
        """);
    var job = await new TrainingJobs(workspace).SubmitAsync(SpecOf(root));
    try
    {
        await job.WaitAsync();
    }
    catch (TrainingJobException)
    {
        // Its output follows.
    }

    Console.WriteLine($"{job.Status}: {job.Reason}");
    foreach (var line in job.TailLog()) Console.WriteLine(line);
    Console.WriteLine(job.Events[^1].Message);
    return;
}

if (args is ["hosts", var home, var hostFile])
{
    // Runs a job with two workers on the machines of the host file, and prints how the job ended.
    File.WriteAllText(Path.Combine(home, "MnistLab.slnx"), "<Solution />");
    var workspace = Workspace.Find(home);
    var (store, root) = (workspace.OpenStore(), ObjectUrl.Parse("s3://bucket/"));
    await store.CreateBucketAsync(root.Bucket);
    await store.UploadFolderAsync(Environment.GetEnvironmentVariable("MNISTLAB_SAMPLE")!, root / "datasets/");
    await store.PutTextAsync(
        root / "codes/boot.cs",
        """
        using MnistLab.Data.Datasets;
        using MnistLab.Training;
        using MnistLab.Training.Jobs;
        using MnistLab.Training.Networks;
        var digits = new ImageDataset(new byte[100 * 784], new byte[100], 28, 28);
        Mox.Run(
            _ => digits, _ => ModelSpec.Classifier(DigitModels.LeNet5()), Mox.GetOptimizerFn("sgd", 0.01),
            batchSize: 10, maxNumberOfSteps: 20, logDir: new JobArguments(args).Text("log_dir", ""));
        Console.WriteLine($"{JobEnvironment.WorkerIndex} of {JobEnvironment.WorkerCount} on {Environment.MachineName}");
        """);
    var job = await new TrainingJobs(workspace).SubmitAsync(SpecOf(root) with { WorkerCount = 2, HostFile = hostFile });
    try
    {
        await job.WaitAsync();
    }
    catch (TrainingJobException error)
    {
        Console.WriteLine(error.Message);
    }

    Console.WriteLine($"{job.Status}: {job.Reason}");
    foreach (var worker in (int[])[0, 1]) Console.WriteLine(job.TailLog(1, worker)[0].Text);
    return;
}

// LOGDIR STEPS: trains a small network with dropout on the bundled sample, and prints a line for each step.
var digits = MnistDataset.Load(Workspace.Find().SampleFolder).Train;
Mox.Run(
    _ => digits,
    _ => ModelSpec.Classifier(nn.Sequential(
        ("conv", nn.Conv2d(1, 4, 5, stride: 2)),
        ("norm", nn.BatchNorm2d(4)),
        ("relu", nn.ReLU()),
        ("flatten", nn.Flatten()),
        ("dropout", nn.Dropout(0.3)),
        ("output", nn.Linear(4 * 12 * 12, 10)))),
    Mox.GetOptimizerFn("adamw", 0.001),
    batchSize: 16,
    maxNumberOfSteps: long.Parse(args[1], CultureInfo.InvariantCulture),
    logEveryNSteps: 1,
    seed: 5,
    logDir: args[0],
    saveModelSteps: 3);

static TrainingJobSpec SpecOf(ObjectUrl root) => new()
{
    JobName = "job",
    AppUrl = root / "codes/",
    BootFileUrl = root / "codes/boot.cs",
    DataUrl = root / "datasets/",
    TrainUrl = root / "log/",
};
