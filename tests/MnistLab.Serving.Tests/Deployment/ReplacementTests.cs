using MnistLab.Models;
using MnistLab.Models.Registry;
using MnistLab.Serving.Deployment;
using MnistLab.Serving.Instances;
using MnistLab.Storage;
using MnistLab.Testing;

namespace MnistLab.Serving.Tests;

public sealed class ReplacementTests(TrainedModel trained) : IAsyncLifetime
{
    private readonly ServiceLab _lab = new(trained);
    private readonly TemporaryFolder _folder = new();

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await _lab.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Deploy_ThePreviousVersionDuringACrashLoop_BringsTheServiceBackAtItsAddress()
    {
        // Succeeds at import and at the first start; each later start crashes.
        var broken = ServiceLab.Answers("broken").Replace(
            "public override",
            $"public override float[] Inference(float[] pixels) {{ if (System.IO.File.Exists(@\"{_folder["broken"]}\")) System.Environment.Exit(9); return base.Inference(pixels); }} public override",
            StringComparison.Ordinal);
        var (good, bad) = (await _lab.ImportAsync(ServiceLab.Answers("good")), await _lab.ImportAsync(broken));
        var service = await _lab.DeployAsync((bad, 100));
        File.WriteAllText(_folder["broken"], "");
        await ServiceLab.KillAsync(service.ProcessId!.Value);
        await ServiceLab.UntilAsync(async () => (await _lab.FindAsync()).Status == ServiceStatus.Concerning, "a crash loop");
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(40));

        var back = await _lab.Services.DeployAsync(ServiceLab.Name, good, _lab.Store, cancellationToken: limit.Token);
        using var client = back.CreateClient();

        Assert.Equal((ServiceStatus.Running, service.Url, good.Version), (back.Status, back.Url, back.Version));
        Assert.Equal("good", (await client.PredictAsync(ServiceLab.Png(0))).PredictedLabel);
        Assert.Single(_lab.Run.Service.Instances());
    }

    [Fact]
    public async Task Deploy_WhileTheModelIsReloadedAfterACrash_ServesWhatTheRecordSays()
    {
        // Loading includes a prediction, which is slow while this file exists, so that the change arrives during the
        // loading.
        var slow = ServiceLab.Answers("old").Replace(
            "public override",
            $"public override float[] Inference(float[] pixels) {{ if (System.IO.File.Exists(@\"{_folder["slow"]}\")) System.Threading.Thread.Sleep(2000); return base.Inference(pixels); }} public override",
            StringComparison.Ordinal);
        var (old, next) = (await _lab.ImportAsync(slow), await _lab.ImportAsync(ServiceLab.Answers("new")));
        var service = await _lab.DeployAsync((old, 100));
        File.WriteAllText(_folder["slow"], "");
        await ServiceLab.KillAsync(service.ProcessId!.Value);
        await ServiceLab.UntilAsync(() => Task.FromResult(_lab.Run.ReadState() is { Url: not null, Ready: null }), "a service that loads");

        var changed = await _lab.DeployAsync((next, 100));
        await ServiceLab.UntilAsync(() => Task.FromResult(_lab.Run.ReadState() is { Ready: not null }), "ready");
        using var client = changed.CreateClient();

        Assert.Equal("new", (await client.PredictAsync(ServiceLab.Png(0))).PredictedLabel);
        Assert.Equal((next.Version, service.Url), ((await _lab.FindAsync()).Version, changed.Url));
    }

    [Fact]
    public async Task Deploy_ByAnotherBuildUnderLoad_KeepsTheAddressAndNoClientSeesAnError()
    {
        var model = await _lab.ImportAsync();
        var service = await DeployByAnotherBuildAsync(model);
        await using var load = new Load(service.Url!);
        await load.AnsweredAsync(20);

        var replaced = await _lab.DeployAsync((model, 100));
        await load.AnsweredAsync(20);
        await load.EndAsync();

        Assert.Empty(load.Errors);
        Assert.Equal((ServiceStatus.Running, service.Url), (replaced.Status, replaced.Url));
        Assert.NotEqual(service.ProcessId, replaced.ProcessId);
        Assert.Single(_lab.Run.Service.Instances());
    }

    [Fact]
    public async Task Deploy_ByAnotherBuild_AVersionThatCannotBeLoaded_LeavesTheServiceUntouched()
    {
        var (good, bad) = (await _lab.ImportAsync(ServiceLab.Answers("good")), await _lab.ImportAsync(ServiceLab.Answers("bad")));
        var service = await DeployByAnotherBuildAsync(good);
        await _lab.Store.PutTextAsync(bad.Package / PackageFiles.Model, "damaged since");

        await Assert.ThrowsAsync<DeploymentException>(() => _lab.DeployAsync((bad, 100)));
        using var client = service.CreateClient();

        Assert.Equal("good", (await client.PredictAsync(ServiceLab.Png(0))).PredictedLabel);
        var after = await _lab.FindAsync();
        Assert.Equal(
            (ServiceStatus.Running, service.ProcessId, service.Url, good.Version),
            (after.Status, after.ProcessId, after.Url, after.Version));
        Assert.Single(_lab.Run.Service.Instances());
    }

    [Fact]
    public async Task Deploy_ASuccessorThatEndsAfterTheServiceHasEnded_StartsTheServiceAgain()
    {
        var good = await _lab.ImportAsync(ServiceLab.Answers("good"));
        var service = await DeployByAnotherBuildAsync(good);
        // Loads, and exits when its predecessor has been asked to stop. It does not exit during the trial prediction in
        // this process, because the service runs from a copy.
        var stop = Path.Combine(_lab.Run.Path, "stop");
        var bad = await _lab.ImportAsync(ServiceLab.Answers("bad").Replace(
            "public override",
            $"private readonly bool _watches = Watch(); private static bool Watch() {{ if (System.AppContext.BaseDirectory.TrimEnd('/', '\\\\').EndsWith(\"program\")) new System.Threading.Thread(() => {{ while (!System.IO.File.Exists(@\"{stop}\")) System.Threading.Thread.Sleep(1); System.Environment.Exit(7); }}) {{ IsBackground = true }}.Start(); return true; }} public override",
            StringComparison.Ordinal));

        await Assert.ThrowsAsync<DeploymentException>(() => _lab.DeployAsync((bad, 100)));
        var after = await _lab.FindAsync();
        using var client = after.CreateClient();

        Assert.Equal((ServiceStatus.Running, service.Url, good.Version), (after.Status, after.Url, after.Version));
        Assert.Equal("good", (await client.PredictAsync(ServiceLab.Png(0))).PredictedLabel);
        Assert.Single(_lab.Run.Service.Instances());
    }

    [Fact]
    public async Task Deploy_WithoutAStopTimeAndALimit_KeepsThoseThatTheServiceHas()
    {
        var (first, second) = (await _lab.ImportAsync(), await _lab.ImportAsync());
        var limit = TimeSpan.FromSeconds(5);
        var service = await _lab.DeployAsync(
            configuration => configuration with { StopAfter = TimeSpan.FromHours(1), PredictionLimit = limit },
            (first, 100));

        var updated = await _lab.DeployAsync((second, 100));
        _lab.Run.Service.WriteRecord(_lab.Run.Service.ReadRecord()! with { Platform = "another build" });
        var replaced = await _lab.DeployAsync((second, 100));
        var endless = await _lab.DeployAsync(configuration => configuration with { StopAfter = Timeout.InfiniteTimeSpan }, (second, 100));
        await _lab.Services.StopAsync(ServiceLab.Name);
        var restarted = await _lab.Services.StartAsync(ServiceLab.Name, _lab.Models);

        Assert.NotNull(service.StopAt);
        Assert.Equal((service.StopAt, limit), (updated.StopAt, updated.PredictionLimit));
        Assert.Equal((service.StopAt, limit), (replaced.StopAt, replaced.PredictionLimit));
        Assert.Equal((null, limit), (endless.StopAt, endless.PredictionLimit));
        Assert.Equal((null, limit), (restarted.StopAt, restarted.PredictionLimit));
        Assert.Equal(second.Version, restarted.Version);
    }

    [Fact]
    public async Task Find_AfterTheDeployingProgramWasKilledWhileTakingOver_FindsTheNewInstance()
    {
        var model = await _lab.ImportAsync();
        await _lab.DeployAsync((model, 100));
        var folder = _lab.Run.Service;
        var before = folder.ReadRecord()!;
        folder.WriteRecord(before with { Platform = "another build" });
        var service = await _lab.DeployAsync((model, 100));
        // The state that a deploying program leaves behind when it is killed after the handover: the record still names
        // the predecessor.
        folder.WriteRecord(before);

        var found = await _lab.FindAsync();

        Assert.Equal((ServiceStatus.Running, service.ProcessId, service.Url), (found.Status, found.ProcessId, found.Url));
        Assert.Equal(ServiceStatus.Stopped, (await found.StopAsync()).Status);
        Assert.False(_lab.HasProcesses);
    }

    private async Task<OnlineService> DeployByAnotherBuildAsync(RegisteredModel model)
    {
        var service = await _lab.DeployAsync((model, 100));
        var folder = _lab.Run.Service;
        folder.WriteRecord(folder.ReadRecord()! with { Platform = "another build" });
        return service;
    }
}
