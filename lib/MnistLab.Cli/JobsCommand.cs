using System.CommandLine;
using System.Globalization;
using MnistLab.Data.Workspaces;
using MnistLab.Kernel.Commands;
using MnistLab.Notebooks;
using MnistLab.Storage;
using MnistLab.Training;
using MnistLab.Training.Jobs;

namespace MnistLab.Cli;

/// <summary>Defines the command <c>jobs</c>, which manages the training jobs of this workspace.</summary>
internal static class JobsCommand
{
    private static readonly Argument<string> Name = new("name") { Description = "The job's name, such as train_mnist." };
    private static readonly Option<string?> Version = new("--version")
    {
        Description = "The version, such as V0001. By default, the newest.",
        HelpName = "VERSION"
    };

    public static Command Create() => new("jobs", "Manages the training jobs on this machine.")
    {
        Action(new Command("list", "Lists the jobs, newest first."), (_, _) => ListAsync()),
        Action(
            new Command("show", "Shows the status, the settings, and the events of a job.") { Name, Version },
            (result, _) => ShowAsync(Find(result))),
        Log(),
        Submit(),
        Action(new Command("stop", "Stops a job. The job saves a checkpoint first.") { Name, Version }, async (result, cancellationToken) =>
        {
            var job = Find(result);
            await job.StopAsync(cancellationToken);
            Console.WriteLine(job);
        }),
        Action(
            new Command("retry", "Runs a job again from the beginning.") { Name, Version },
            async (result, cancellationToken) =>
                await FollowAsync(await Jobs().RetryAsync(Find(result), cancellationToken), cancellationToken)),
        Reproduce(),
        Resume(),
        Action(new Command("delete", "Deletes a job that has ended. Its output in the store is kept.") { Name, Version }, (result, _) =>
        {
            var job = Find(result);
            job.Delete();
            Console.WriteLine($"Deleted {job.Spec.JobName} {job.Version}. Its output is kept in {job.OutputUrl}.");
            return Task.CompletedTask;
        }),
    };

    private static Command Resume()
    {
        var workers = new Option<int?>("--workers")
        {
            Description = "The number of workers. By default, as many as before.",
        };
        const string Description = "Resumes a job from its newest checkpoint.";
        var command = new Command("resume", Description) { Name, Version, workers };
        return Action(command, async (result, cancellationToken) =>
        {
            var job = Find(result);
            var count = result.GetValue(workers) ?? job.Spec.WorkerCount;
            await FollowAsync(await Jobs().ResumeAsync(job, count, cancellationToken), cancellationToken);
        });
    }

    private static Command Log()
    {
        var tail = new Option<int?>("--tail") { Description = "Show only this many lines from the end." };
        var search = new Option<string?>("--search") { Description = "Show only the lines that contain this text." };
        var follow = new Option<bool>("--follow") { Description = "Follow the log until the job ends." };
        var worker = new Option<int>("--worker")
        {
            Description = "The worker whose log to show, numbered from 0, if the job has several workers.",
        };
        var command = new Command("log", "Shows a job's log.") { Name, Version, tail, search, follow, worker };
        return Action(command, async (result, cancellationToken) =>
        {
            var job = Find(result);
            if (result.GetValue(follow))
            {
                await FollowAsync(job, cancellationToken);
                return;
            }

            var index = result.GetValue(worker);
            _ = job.LogFileOf(index);
            var lines = result.GetValue(search) is { Length: > 0 } text
                ? job.SearchLog(text, index)
                : job.TailLog(int.MaxValue, index);
            foreach (var line in lines.TakeLast(result.GetValue(tail) ?? int.MaxValue)) Console.WriteLine(line);
        });
    }

    private static Command Submit()
    {
        var bootFile = new Option<string>("--boot-file")
        {
            Description = "The boot file in the code directory, s3://modelarts-example/codes/.",
            DefaultValueFactory = _ => "train_mnist.cs"
        };
        var parameters = new Option<string[]>("--parameter", "-p")
        {
            Description = "A parameter of the boot file, such as model=fast. Can be repeated.",
            HelpName = "NAME=VALUE"
        };
        var limit = new Option<double?>("--max-minutes") { Description = "Stop the job after this many minutes." };
        var workers = new Option<int>("--workers")
        {
            Description = "The number of workers that train together. More than one worker requires MPI.",
            DefaultValueFactory = _ => 1,
        };
        var hostFile = new Option<string?>("--host-file")
        {
            Description = "A file with the names of the machines that the workers run on, one per line.",
        };
        var target = new Option<JobTarget>("--target")
        {
            Description = "Where the job runs: on this machine, or on a Slurm cluster.",
        };
        const string Description = "Submits a training job and shows its log until it ends. Ctrl+C leaves the job running.";
        var command = new Command("submit", Description)
        {
            Name, bootFile, parameters, limit, workers, hostFile, target,
        };
        return Action(command, async (result, cancellationToken) =>
        {
            var lab = Lab.Open();
            var job = await lab.Jobs.SubmitAsync(
                new TrainingJobSpec
                {
                    JobName = result.GetRequiredValue(Name),
                    AppUrl = lab.CodesUrl,
                    BootFileUrl = lab.CodesUrl / result.GetRequiredValue(bootFile),
                    DataUrl = lab.DatasetsUrl,
                    TrainUrl = lab.LogUrl,
                    Parameters = (result.GetValue(parameters) ?? []).Select(Pair).ToDictionary(pair => pair.Name, pair => pair.Value),
                    MaxDuration = result.GetValue(limit) is { } minutes ? TimeSpan.FromMinutes(minutes) : null,
                    WorkerCount = result.GetValue(workers),
                    HostFile = result.GetValue(hostFile),
                    Target = result.GetValue(target),
                },
                cancellationToken);
            await FollowAsync(job, cancellationToken);
        });
    }

    private static Command Reproduce()
    {
        var output = new Argument<string?>("output")
        {
            Arity = ArgumentArity.ZeroOrOne,
            Description = "The output location of a training job, which contains model/. By default, that of the tutorial's newest model.",
        };
        const string Description = "Trains a model again from its manifest alone and compares the weights.";
        var command = new Command("reproduce", Description) { output };
        command.SetAction((result, cancellationToken) => Guarded.RunAsync(async () =>
        {
            var lab = Lab.Open();
            var url = result.GetValue(output) is { } given
                ? ObjectUrl.Parse(given)
                : await lab.Jobs.LatestOutputAsync(lab.LogUrl, cancellationToken);
            var manifest = await ModelPackage.ReadManifestAsync(lab.Store, url, cancellationToken);
            var job = await lab.Jobs.ReproduceAsync(manifest, lab.LogUrl, cancellationToken);
            await FollowAsync(job, cancellationToken);

            var again = await ModelPackage.ReadManifestAsync(lab.Store, job.OutputUrl, cancellationToken);
            foreach (var difference in again.DifferencesFrom(manifest)) Console.WriteLine($"different: {difference}");
            var isSame = again.Weights is not null && again.Weights == manifest.Weights;
            Console.WriteLine(isSame
                ? $"The weights are the same, bit for bit: SHA-256 {again.Weights}."
                : $"The weights differ from those of {url}.");
            return isSame ? ExitCodes.Success : ExitCodes.Failure;
        }));
        return command;
    }

    private static Command Action(Command command, Func<ParseResult, CancellationToken, Task> action)
    {
        command.SetAction((result, cancellationToken) => Guarded.RunAsync(async () =>
        {
            await action(result, cancellationToken);
            return ExitCodes.Success;
        }));
        return command;
    }

    private static TrainingJobs Jobs() => new(Workspace.Find());

    private static TrainingJob Find(ParseResult result) => Jobs().Find(result.GetRequiredValue(Name), result.GetValue(Version));

    private static Task ListAsync()
    {
        var all = Jobs();
        var (jobs, damaged) = (all.All, all.Damaged);
        if (jobs.Count + damaged.Count == 0)
            Console.WriteLine("There are no jobs. Submit one in notebook 2 or with: jobs submit train_mnist -p model=fast");
        if (jobs.Count > 0)
            ListTable.Write(Console.Out, ["NAME", "VERSION", "STATUS", "SECONDS", "PARAMETERS"], jobs.Select(Row));
        foreach (var job in damaged) Console.Error.WriteLine($"{job.JobName}  {job.Version}  damaged: {job.Problem}");
        return Task.CompletedTask;
    }

    private static string[] Row(TrainingJob job) =>
    [
        job.Spec.JobName,
        $"{job.Version}",
        $"{job.Status}",
        job.Duration.TotalSeconds.ToString("F1", CultureInfo.InvariantCulture),
        string.Join(' ', job.Spec.Parameters.Select(parameter => $"{parameter.Key}={parameter.Value}")),
    ];

    private static Task ShowAsync(TrainingJob job)
    {
        Console.WriteLine(job);
        if (job.Reason is { } reason) Console.WriteLine($"reason     {reason}");
        if (job.Spec.JobDescription.Length > 0) Console.WriteLine(job.Spec.JobDescription);
        Console.WriteLine($"boot file  {job.Spec.BootFileUrl}");
        Console.WriteLine($"data       {job.Spec.DataUrl}");
        Console.WriteLine($"output     {job.OutputUrl}");
        Console.WriteLine($"log        {job.LogFile}");
        if (job.Spec.Target != JobTarget.Local) Console.WriteLine($"target     {job.Spec.Target}");
        if (job.Spec.WorkerCount > 1)
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"workers    {job.Spec.WorkerCount}"));
        foreach (var (name, value) in job.Spec.Parameters) Console.WriteLine($"parameter  {name} = {value}");
        foreach (var happening in job.Events) Console.WriteLine(happening);
        return Task.CompletedTask;
    }

    private static async Task FollowAsync(TrainingJob job, CancellationToken cancellationToken)
    {
        Console.WriteLine($"{job.Spec.JobName} {job.Version}");
        try
        {
            await job.WaitAsync(Console.Out, cancellationToken: cancellationToken);
        }
        catch (OperationCanceledException)
        {
            await Console.Error.WriteLineAsync(
                $"{job}. The job keeps running. Stop it with: jobs stop {job.Spec.JobName} --version {job.Version}");
            throw;
        }

        Console.WriteLine(job);
    }

    private static (string Name, string Value) Pair(string text) => text.IndexOf('=', StringComparison.Ordinal) is > 0 and var equals
        ? (text[..equals], text[(equals + 1)..])
        : throw new TrainingJobException($"'{text}' is not a valid parameter: write NAME=VALUE, such as model=fast.");
}
