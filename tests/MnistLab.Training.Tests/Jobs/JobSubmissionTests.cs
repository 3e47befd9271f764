using MnistLab.Data.Datasets;
using MnistLab.Storage;
using MnistLab.Training.Jobs;

namespace MnistLab.Training.Tests;

/// <summary>
/// Tests specifications that are rejected when they are submitted, with the name of the field; nothing is left behind.
/// </summary>
public sealed class JobSubmissionTests
{
    [Theory]
    [InlineData("", "job_name")]
    [InlineData("has space", "job_name")]
    [InlineData("../escape", "job_name")]
    [InlineData("a23456789012345678901234567890123456789012345678901234567890123456", "job_name")]
    public Task Submit_WithANameThatIsNotUsable_NamesTheField(string name, string field) =>
        RefusedAsync(spec => spec with { JobName = name }, field);

    [Fact]
    public Task Submit_WithALongDescription_NamesTheField() =>
        RefusedAsync(spec => spec with { JobDescription = new string('x', 257) }, "job_desc has 257");

    [Theory]
    [InlineData(0)]
    [InlineData(1025)]
    public Task Submit_WithANumberOfWorkersOutOfRange_NamesTheField(int count) =>
        RefusedAsync(spec => spec with { WorkerCount = count }, "worker_server_num");

    [Fact]
    public Task Submit_WithMoreWorkersThanSamplesInABatch_NamesBoth() => RefusedAsync(
        spec => spec with { WorkerCount = 3, Parameters = new Dictionary<string, string> { ["batch_size"] = "2" } },
        "worker_server_num 3 is not usable with batch_size 2");

    [Theory]
    [InlineData(1, "with one worker")]
    [InlineData(2, "does not exist")]
    public Task Submit_WithAHostFileThatCannotBeUsed_NamesTheField(int workers, string problem) => RefusedAsync(
        spec => spec with { WorkerCount = workers, HostFile = "no-such-file" }, problem);

    [Fact]
    public Task Submit_WithATimeoutShorterThanAHeartbeat_NamesTheField() =>
        RefusedAsync(spec => spec with { WorkerTimeout = TimeSpan.FromSeconds(1) }, "worker_timeout");

    [Fact]
    public Task Submit_WithABootFileElsewhere_NamesTheField() =>
        RefusedAsync(spec => spec with { BootFileUrl = ObjectUrl.Parse("s3://bucket/other/boot.cs") }, "boot_file_url");

    [Fact]
    public Task Submit_WithoutTheBootFile_SaysWhereItIsMissing() => RefusedAsync(
        spec => spec with { BootFileUrl = spec.AppUrl / "missing.cs" },
        "boot_file_url s3://bucket/codes/missing.cs does not exist");

    [Fact]
    public Task Submit_WithNoTimeAtAll_NamesTheField() => RefusedAsync(spec => spec with { MaxDuration = TimeSpan.Zero }, "max_duration");

    [Theory]
    [InlineData("batch_size", "0")]
    [InlineData("batch_size", "many")]
    [InlineData("max_number_of_steps", "-1")]
    [InlineData("learning_rate", "0,1")]
    [InlineData("learning_rate", "-0.1")]
    [InlineData("learning_rate", "5:0.1->")]
    [InlineData("model", "resnet")]
    [InlineData("seed", "1.5")]
    [InlineData("augmentation", "-1")]
    [InlineData("bad name", "1")]
    public Task Submit_WithAWrongHyperParameter_NamesIt(string name, string value) =>
        RefusedAsync(
            spec => spec with { Parameters = new Dictionary<string, string> { [name] = value } },
            $"parameter {(name.Contains(' ', StringComparison.Ordinal) ? "'bad name'" : name)}");

    [Fact]
    public async Task Submit_OfAModelThatTheBootFileDefines_IsAccepted()
    {
        const string name = "my-network";
        await using var workspace = await JobWorkspace.CreateAsync($"Console.WriteLine(\"{name}\");");

        var job = await workspace.SubmitAsync(workspace.Spec("job", ("model", name)));
        await job.WaitAsync();

        Assert.Equal(JobStatus.Completed, job.Status);
    }

    [Theory]
    [InlineData("<!DOCTYPE html><html></html>")]
    [InlineData("\n  <HTML><body>404</body></HTML>")]
    public async Task Submit_OfAnHtmlPageInsteadOfCode_SaysSo(string page)
    {
        await using var workspace = await JobWorkspace.CreateAsync(page);

        await RefusedAsync(workspace, workspace.Spec(), "boot_file_url s3://bucket/codes/boot.cs is an HTML page");
    }

    [Theory]
    [InlineData(null, "is missing")]
    [InlineData("", "is empty")]
    [InlineData("<html>sign in</html>", "is an HTML page")]
    public async Task Submit_WithoutADataFile_NamesIt(string? content, string problem)
    {
        await using var workspace = await JobWorkspace.CreateAsync(JobWorkspace.Waits);
        var file = workspace.Bucket / $"datasets/{MnistFiles.TestLabels}";
        await workspace.Store.DeleteAsync(file);
        if (content is not null) await workspace.Store.PutTextAsync(file, content);

        await RefusedAsync(workspace, workspace.Spec(), $"{MnistFiles.TestLabels} {problem}");
    }

    [Fact]
    public async Task Submit_WithAHugeCodeDirectory_SaysHowLarge()
    {
        await using var workspace = await JobWorkspace.CreateAsync(JobWorkspace.Waits);
        await workspace.Store.PutAsync(workspace.Bucket / "codes/data.bin", new MemoryStream(new byte[(10 << 20) + 1]));

        await RefusedAsync(workspace, workspace.Spec(), "app_url s3://bucket/codes/ holds 10");
    }

    private static async Task RefusedAsync(Func<TrainingJobSpec, TrainingJobSpec> change, string message)
    {
        await using var workspace = await JobWorkspace.CreateAsync(JobWorkspace.Waits);
        await RefusedAsync(workspace, change(workspace.Spec()), message);
    }

    private static async Task RefusedAsync(JobWorkspace workspace, TrainingJobSpec spec, string message)
    {
        var error = await Assert.ThrowsAsync<TrainingJobException>(() => workspace.Jobs.SubmitAsync(spec));

        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.Empty(workspace.Jobs.All);
        await foreach (var left in workspace.Store.ListAsync(workspace.Bucket / "log/")) Assert.Fail($"{left.Url} is left.");
    }
}
