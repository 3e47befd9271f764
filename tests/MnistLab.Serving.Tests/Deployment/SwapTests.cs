using MnistLab.Client;
using MnistLab.Models;
using MnistLab.Models.Registry;
using MnistLab.Serving.Instances;
using MnistLab.Storage;

namespace MnistLab.Serving.Tests;

public sealed class SwapTests(TrainedModel trained) : IAsyncLifetime
{
    private readonly ServiceLab _lab = new(trained);

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _lab.DisposeAsync();

    [Fact]
    public async Task Deploy_AnotherVersionUnderLoad_TakesOverWithoutAFailedRequest()
    {
        var (old, next) = (await _lab.ImportAsync(ServiceLab.Answers("old")), await _lab.ImportAsync(ServiceLab.Answers("new")));
        var service = await _lab.DeployAsync((old, 100));
        // Without retries, because not a single request may fail.
        await using var load = new Load(service.Url!, options: new() { RetryFor = TimeSpan.Zero });
        await load.AnsweredAsync(50);

        var changed = await _lab.DeployAsync((next, 100));
        var before = load.Labels.GetValueOrDefault("old");
        await load.AnsweredAsync(50);
        await load.EndAsync();

        Assert.Empty(load.Errors);
        Assert.Equal((service.ProcessId, service.Url, next.Version), (changed.ProcessId, changed.Url, changed.Version));
        Assert.True(load.Labels["new"] >= 50);
        // A few requests may have been in progress when the change was complete.
        Assert.InRange(load.Labels["old"], before, before + 4);
        Assert.Equal([old.Version, next.Version], changed.ReadHistory().Select(change => Assert.Single(change.Models).Version));
    }

    [Fact]
    public async Task Deploy_AVersionThatIsCorrupt_LeavesTheOldOneAtWork_AlsoAfterACrash()
    {
        var (old, next) = (await _lab.ImportAsync(ServiceLab.Answers("old")), await _lab.ImportAsync(ServiceLab.Answers("new")));
        var service = await _lab.DeployAsync((old, 100));
        await _lab.Store.PutTextAsync(next.Package / PackageFiles.Model, "damaged since");
        await using var load = new Load(service.Url!);

        var error = await Assert.ThrowsAsync<DeploymentException>(() => _lab.DeployAsync((next, 100)));
        await load.AnsweredAsync(20);
        await ServiceLab.KillAsync(service.ProcessId!.Value);
        await load.AnsweredAsync(20);
        await load.EndAsync();

        Assert.Contains("model.onnx", error.Message, StringComparison.Ordinal);
        Assert.Empty(load.Errors);
        Assert.Equal(["old"], load.Labels.Keys);
        Assert.Equal((ServiceStatus.Running, old.Version), ((await _lab.FindAsync()).Status, (await _lab.FindAsync()).Version));
        Assert.Single(Directory.GetDirectories(_lab.Run.Packages));
    }

    [Fact]
    public async Task Deploy_TwoVersions_ShareTheRequestsByWeight()
    {
        var (old, next) = (await _lab.ImportAsync(ServiceLab.Answers("old")), await _lab.ImportAsync(ServiceLab.Answers("new")));
        var service = await _lab.DeployAsync((old, 90), (next, 10));
        using var client = new PredictionClient(service.Url!);

        var answers = await client.PredictBatchAsync(Enumerable.Repeat(ServiceLab.Png(0), 200));
        await _lab.DeployAsync((old, 0), (next, 100));
        var after = await client.PredictBatchAsync(Enumerable.Repeat(ServiceLab.Png(0), 20));

        Assert.Equal((180, 20), (answers.Count(
            answer => answer.PredictedLabel == "old"), answers.Count(answer => answer.PredictedLabel == "new")));
        Assert.All(after, answer => Assert.Equal("new", answer.PredictedLabel));
    }

    [Fact]
    public async Task Deploy_WhatMakesNoSense_IsRefusedBeforeAnythingIsStarted()
    {
        var (old, next) = (await _lab.ImportAsync(), await _lab.ImportAsync());

        await RefusedAsync("90 + 20 = 110", (old, 90), (next, 20));
        await RefusedAsync("twice", (old, 50), (old, 50));
        await RefusedAsync("at least one model");
        await RefusedAsync("belong to one model", (old, 50), (next with { Name = "letters" }, 50));
        await RefusedAsync("only a published model", (old with { Status = ModelStatus.Failed }, 100));
        Assert.Empty(await _lab.Services.ListAsync());

        async Task RefusedAsync(string expected, params (RegisteredModel, int)[] models) =>
            Assert.Contains(
                expected,
                (await Assert.ThrowsAsync<DeploymentException>(() => _lab.DeployAsync(models))).Message,
                StringComparison.Ordinal);
    }

    [Fact]
    public async Task Delete_AModelThatIsDeployed_IsRefusedUntilTheServiceIsStopped()
    {
        var (old, next) = (await _lab.ImportAsync(), await _lab.ImportAsync());
        await _lab.DeployAsync((old, 100));

        var error = await Assert.ThrowsAsync<ModelRegistryException>(() => _lab.Models.DeleteAsync(old.Name, old.Version));
        await _lab.Models.DeleteAsync(next.Name, next.Version);
        await _lab.Services.StopAsync(ServiceLab.Name);
        await _lab.Models.DeleteAsync(old.Name, old.Version);

        Assert.Contains("'digits'", error.Message, StringComparison.Ordinal);
        Assert.Empty(await _lab.Models.ListAsync());
        Assert.Empty(await _lab.Store.ListAsync(old.Location).ToListAsync());
        var gone = await Assert.ThrowsAsync<DeploymentException>(() => _lab.Services.StartAsync(ServiceLab.Name, _lab.Models));
        Assert.Contains("no longer exists", gone.Message, StringComparison.Ordinal);
    }
}
