using System.Diagnostics;
using MnistLab.Client;
using MnistLab.Hosting;
using MnistLab.Serving.Deployment;
using MnistLab.Serving.Instances;
using MnistLab.Serving.Requests;
using MnistLab.Testing;

namespace MnistLab.Serving.Tests;

public sealed class CrashTests(TrainedModel trained) : IAsyncLifetime
{
    private readonly ServiceLab _lab = new(trained);

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _lab.DisposeAsync();

    [Fact]
    public async Task Kill_TheServiceUnderLoad_IsBackAtTheSameAddressAndNoClientSeesAnError()
    {
        var service = await _lab.DeployAsync((await _lab.ImportAsync(), 100));
        await using var load = new Load(service.Url!);
        await load.AnsweredAsync(50);

        await ServiceLab.KillAsync(service.ProcessId!.Value);
        var watch = Stopwatch.StartNew();
        await ServiceLab.UntilAsync(async () => await RunningService.IsReadyAsync(service.Url!, default), "ready again");
        var back = watch.Elapsed;
        await load.AnsweredAsync(50);
        await load.EndAsync();

        TestContext.Current.TestOutputHelper?.WriteLine($"back after {back.TotalMilliseconds:F0} ms");
        Assert.Empty(load.Errors);
        var after = await _lab.FindAsync();
        Assert.Equal((ServiceStatus.Running, service.Url, 1), (after.Status, after.Url, after.Restarts));
        Assert.NotEqual(service.ProcessId, after.ProcessId);
        Assert.Contains(after.ReadEvents(), entry => entry.Message.Contains("killed (signal 9)", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Kill_TheServiceAgainAndAgain_IsConcerningAndStopsAllTheSame()
    {
        var service = await _lab.DeployAsync((await _lab.ImportAsync(), 100));
        for (var crash = 1; crash <= RestartPolicy.Concerning; crash++)
        {
            var before = _lab.Run.ReadState()!.ProcessId;
            await ServiceLab.KillAsync(before);
            await ServiceLab.UntilAsync(
                () => Task.FromResult(_lab.Run.ReadState() is { Ready: not null } state && state.ProcessId != before),
                "ready again");
        }

        var concerning = await _lab.FindAsync();
        var stopped = await concerning.StopAsync();

        Assert.Equal((ServiceStatus.Concerning, RestartPolicy.Concerning), (concerning.Status, concerning.Restarts));
        Assert.Equal(ServiceStatus.Stopped, stopped.Status);
        Assert.False(_lab.HasProcesses);
        await Assert.ThrowsAsync<PredictionException>(() =>
            new PredictionClient(service.Url!, new() { RetryFor = TimeSpan.Zero }).PredictAsync(ServiceLab.Png(0)));
    }

    [Fact]
    public async Task Kill_TheSupervisor_LeavesAServiceThatSaysSoAndIsSupervisedAgainByTheNextStart()
    {
        var service = await _lab.DeployAsync((await _lab.ImportAsync(), 100));

        await ServiceLab.KillAsync(_lab.Run.ReadSupervisor()!.ProcessId);
        var alone = await _lab.FindAsync();
        using var client = alone.CreateClient();
        var prediction = await client.PredictAsync(ServiceLab.Png(0));
        await ServiceLab.UntilAsync(async () => (await _lab.FindAsync())
            .ReadEvents()
            .Any(entry => entry.Message.Contains("supervisor is not running", StringComparison.Ordinal)), "an event");
        var adopted = await _lab.Services.StartAsync(ServiceLab.Name, _lab.Models);
        await ServiceLab.KillAsync(service.ProcessId!.Value);
        await ServiceLab.UntilAsync(() => Task.FromResult(
            _lab.Run.ReadState() is { Ready: not null } state && state.ProcessId != service.ProcessId), "ready again");

        Assert.Equal((ServiceStatus.Concerning, service.Url), (alone.Status, alone.Url));
        Assert.Contains("services start digits", $"{alone}", StringComparison.Ordinal);
        Assert.NotEmpty(prediction.Scores);
        Assert.Equal((ServiceStatus.Running, service.ProcessId), (adopted.Status, adopted.ProcessId));
        Assert.Equal(ServiceStatus.Stopped, (await _lab.Services.StopAsync(ServiceLab.Name)).Status);
        Assert.False(_lab.HasProcesses);
    }

    [Fact]
    public async Task Kill_TheSupervisor_LeavesAServiceThatCanBeStoppedAndKeepsItsStopTime()
    {
        var model = await _lab.ImportAsync();
        await _lab.DeployAsync((model, 100));
        await ServiceLab.KillAsync(_lab.Run.ReadSupervisor()!.ProcessId);
        var stopped = await _lab.Services.StopAsync(ServiceLab.Name);
        Assert.False(_lab.HasProcesses);

        await _lab.DeployAsync(configuration => configuration with { StopAfter = TimeSpan.FromSeconds(3) }, (model, 100));
        await ServiceLab.KillAsync(_lab.Run.ReadSupervisor()!.ProcessId);
        await ServiceLab.UntilAsync(() => Task.FromResult(!_lab.HasProcesses), "the end at its time");

        Assert.Equal(ServiceStatus.Stopped, stopped.Status);
        Assert.Equal("at its stop time", _lab.Run.ReadState()!.Stopped);
        Assert.Equal((ServiceStatus.Stopped, "at its stop time"), ((await _lab.FindAsync()).Status, (await _lab.FindAsync()).Reason));
    }

    [Fact]
    public async Task Kill_WhenTheProcessIdNowBelongsToAnother_LeavesThatAlone()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no sleep program.");
        using var folder = new TemporaryFolder();
        var instance = new InstanceFolder(Directory.CreateDirectory(folder["digits/runs/first"]).FullName);
        using var bystander = Process.Start("sleep", "60");
        try
        {
            // The state of a supervisor whose ID was reused for another process, before its successor has written its
            // own identity.
            instance.WriteSupervisor(new SupervisorState(
                bystander.Id, SupervisorPhase.Ready, ProcessStart: ProcessIdentity.Find(bystander.Id)!.Start - 1));
            var holder = FileLock.TryAcquire(instance.SupervisorLock)!;
            var kill = new RunningService(instance, TimeProvider.System).KillAsync(default);
            holder.Dispose();
            await kill;

            Assert.False(bystander.HasExited);
            ProcessIdentity.Find(bystander.Id)!.Kill();
            await bystander.WaitForExitAsync();
        }
        finally
        {
            if (!bystander.HasExited) bystander.Kill();
        }
    }

    [Fact]
    public async Task Predict_WithCodeThatNeverEnds_IsGivenUpAndTheProcessIsReplaced()
    {
        // The inference code responds to the trial prediction (at import and at startup), and hangs on every later one.
        var code = ServiceLab
            .Infers("if (System.Threading.Interlocked.Increment(ref Count) > 1) while (true) { } ")
            .Replace("public override", "private static int Count; public override", StringComparison.Ordinal);
        var service = await _lab.DeployAsync(
            configuration => configuration with { PredictionLimit = TimeSpan.FromSeconds(0.5) },
            (await _lab.ImportAsync(code), 100));
        using var client = new PredictionClient(service.Url!);

        var error = await Assert.ThrowsAsync<PredictionException>(() => client.PredictAsync(ServiceLab.Png(0)));
        await ServiceLab.UntilAsync(() => Task.FromResult(_lab.Run.ReadState() is { Ready: not null } state
            && state.ProcessId != service.ProcessId), "another process");

        Assert.Equal(PredictionErrorCode.TimeLimit, error.ErrorCode);
        Assert.Contains((await _lab.FindAsync()).ReadLog(), line => line.Contains("the inference code hangs", StringComparison.Ordinal));
    }
}
