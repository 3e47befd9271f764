using System.Text.Json.Nodes;
using MnistLab.Data;

namespace MnistLab.Training.Tests;

/// <summary>The boot file of the course, run as a job.</summary>
public sealed class BootFileTests
{
    [Fact]
    public async Task BootFile_WithAMistypedParameter_FailsAndSuggestsTheNearestName()
    {
        await using var workspace = await WithBootFileAsync();

        var job = await workspace.SubmitAsync(Spec(workspace, ("max_steps", "2")));
        var error = await Assert.ThrowsAsync<TrainingJobException>(() => job.WaitAsync());

        Assert.Contains("There is no parameter 'max_steps'. Did you mean 'max_number_of_steps'?", error.Message, StringComparison.Ordinal);
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
