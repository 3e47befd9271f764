using MnistLab.Storage;
using MnistLab.Training.Jobs;

namespace MnistLab.Training.Tests;

/// <summary>Tests the specification of a job before it is submitted, and the deletion of a job.</summary>
public sealed class JobFormTests
{
    private static readonly ObjectUrl Bucket = ObjectUrl.Parse("s3://bucket/");

    private static readonly TrainingJobSpec Valid = new()
    {
        JobName = "job",
        AppUrl = Bucket / "codes/",
        BootFileUrl = Bucket / "codes/boot.cs",
        DataUrl = Bucket / "datasets/",
        TrainUrl = Bucket / "log/",
    };

    [Fact]
    public void FindProblems_OfAFormWithSeveral_HasAnErrorForEachField()
    {
        var form = Valid with
        {
            JobName = "no spaces",
            BootFileUrl = Bucket / "other/boot.cs",
            WorkerCount = 0,
            MaxDuration = TimeSpan.Zero,
            Parameters = new Dictionary<string, string> { ["batch_size"] = "many", ["bad name"] = "1", ["seed"] = "" },
        };

        var problems = form.FindProblems();

        Assert.Equal(
            ["job_name", "boot_file_url", "parameter bad name", "worker_server_num", "max_duration", "parameter batch_size"],
            problems.Select(problem => problem.Field));
        Assert.All(problems, problem => Assert.Contains(problem.Field!.Split(' ')[^1], problem.Message, StringComparison.Ordinal));
        Assert.Empty(Valid.FindProblems());
    }

    [Fact]
    public void Choices_OfEachParameter_AreValid()
    {
        foreach (var name in TrainingSettings.Names)
        {
            Assert.NotNull(TrainingSettings.RequirementOf(name));
            foreach (var choice in TrainingSettings.ChoicesOf(name))
                TrainingSettings.Validate(new Dictionary<string, string> { [name] = choice });
        }

        Assert.Equal(["true", "false"], TrainingSettings.ChoicesOf("export_model"));
        Assert.Empty(TrainingSettings.ChoicesOf("seed"));
        Assert.Null(TrainingSettings.RequirementOf("unknown"));
    }

    [Fact]
    public async Task Delete_OfAJobThatRuns_IsRefused_AndOfOneThatHasEnded_KeepsItsOutput()
    {
        await using var workspace = await JobWorkspace.CreateAsync(JobWorkspace.Waits);
        // Submitted directly, because the workspace cannot stop a deleted job at its end: the record is gone.
        var job = await workspace.Jobs.SubmitAsync(workspace.Spec());
        var error = Assert.Throws<TrainingJobException>(job.Delete);
        Assert.Contains("has not ended", error.Message, StringComparison.Ordinal);
        await job.StopAsync();

        workspace.Jobs.Find("job").Delete();

        Assert.Empty(workspace.Jobs.All);
        Assert.False(Directory.Exists(Path.GetDirectoryName(job.LogFile)));
        Assert.NotNull(await workspace.Store.HeadAsync(job.OutputUrl / "job.json"));
        // The version is not assigned again, because its output still exists.
        Assert.Equal("V0002", (await workspace.SubmitAsync()).Version);
    }
}
