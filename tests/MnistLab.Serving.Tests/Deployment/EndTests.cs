using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using MnistLab.Client;
using MnistLab.Models;
using MnistLab.Serving.Deployment;
using MnistLab.Serving.Instances;
using MnistLab.Serving.Operations;
using MnistLab.Serving.Requests;
using MnistLab.Storage;
using MnistLab.Testing;

namespace MnistLab.Serving.Tests;

public sealed class EndTests(TrainedModel trained) : IAsyncLifetime
{
    private readonly ServiceLab _lab = new(trained);

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _lab.DisposeAsync();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Terminate_EitherProcess_AnswersWhatIsUnderWayAndEndsBoth(bool supervisor)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no SIGTERM.");
        using var folder = new TemporaryFolder();
        // Slow from the second prediction on, and reports when it has started, so that the signal arrives in the middle
        // of it.
        var code = ServiceLab.Infers(
            $"if (System.IO.File.Exists(@\"{folder["slow"]}\")) {{ System.IO.File.WriteAllText(@\"{folder["begun"]}\", \"\"); System.Threading.Thread.Sleep(1500); }}");
        var service = await _lab.DeployAsync((await _lab.ImportAsync(code), 100));
        File.WriteAllText(folder["slow"], "");
        using var client = new PredictionClient(service.Url!, new() { RetryFor = TimeSpan.Zero });
        var request = client.PredictAsync(ServiceLab.Png(0));
        await ServiceLab.UntilAsync(() => Task.FromResult(File.Exists(folder["begun"])), "a request under way");

        using (var kill = Process.Start("kill", ["-TERM",
            $"{(supervisor ? _lab.Run.ReadSupervisor()!.ProcessId : service.ProcessId!.Value)}"])) await kill.WaitForExitAsync();
        var prediction = await request;
        await ServiceLab.UntilAsync(() => Task.FromResult(!_lab.HasProcesses), "both processes gone");

        Assert.NotEmpty(prediction.Scores);
        Assert.Equal(ServiceStatus.Stopped, (await _lab.FindAsync()).Status);
        Assert.Equal(
            (ServiceStatus.Running, service.Url),
            ((await _lab.Services.StartAsync(ServiceLab.Name, _lab.Models)).Status, (await _lab.FindAsync()).Url));
    }

    [Fact]
    public async Task Deploy_WithATimeToStop_StopsByItself()
    {
        var service = await _lab.DeployAsync(
            configuration => configuration with { StopAfter = TimeSpan.FromSeconds(2) },
            (await _lab.ImportAsync(), 100));
        Assert.NotNull(service.StopAt);

        await ServiceLab.UntilAsync(() => Task.FromResult(!_lab.HasProcesses), "both processes gone");

        var stopped = await _lab.FindAsync();
        Assert.Equal((ServiceStatus.Stopped, "at its stop time"), (stopped.Status, stopped.Reason));
        Assert.Contains(stopped.ReadEvents(), entry => entry.Message == "stopped: at its stop time");
    }

    [Fact]
    public async Task Deploy_AModelThatCannotBeLoaded_TellsTheReasonAndLeavesNoProcess()
    {
        // Succeeds at the import, and fails at the deployment.
        using var folder = new TemporaryFolder();
        var broken = $"if (System.IO.File.Exists(@\"{folder["broken"]}\")) throw new System.InvalidOperationException(\"broken since\");";
        var model = await _lab.ImportAsync(ServiceLab.Infers(broken));
        File.WriteAllText(folder["broken"], "");

        var error = await Assert.ThrowsAsync<DeploymentException>(() => _lab.DeployAsync((model, 100)));

        Assert.Contains("exit code 1", error.Message, StringComparison.Ordinal);
        Assert.Contains("InvalidOperationException: broken since", error.Message, StringComparison.Ordinal);
        Assert.False(_lab.HasProcesses);
        var failed = await _lab.FindAsync();
        Assert.Equal((ServiceStatus.Failed, error.Message), (failed.Status, failed.Reason));
        Assert.Contains(failed.ReadLog(), line => line.Contains($"The model {model.Location} cannot be loaded.", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Deploy_ADamagedModel_NamesTheFileAndStartsNothing()
    {
        var model = await _lab.ImportAsync();
        await _lab.Store.PutTextAsync(model.Package / PackageFiles.Model, "damaged since");

        var error = await Assert.ThrowsAsync<DeploymentException>(() => _lab.DeployAsync((model, 100)));

        Assert.Contains($"{model.Package / PackageFiles.Model} is damaged: its SHA-256 is ", error.Message, StringComparison.Ordinal);
        Assert.False(_lab.HasProcesses);
    }

    [Fact]
    public async Task Deploy_Cancelled_LeavesNoProcess()
    {
        var model = await _lab.ImportAsync();
        using var cancellation = new CancellationTokenSource();
        var progress = new Steps(step =>
        {
            if (step.Message.StartsWith("starting", StringComparison.Ordinal))
                cancellation.CancelAfter(TimeSpan.FromMilliseconds(100));
        });

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => _lab.Services.DeployAsync(ServiceLab.Name, model, _lab.Store, progress, cancellation.Token));

        Assert.False(_lab.HasProcesses);
        Assert.Equal(
            (ServiceStatus.Failed, "The deployment was canceled."),
            ((await _lab.FindAsync()).Status, (await _lab.FindAsync()).Reason));
    }

    [Fact]
    public async Task Deploy_OnAPort_TakesItOrSaysThatItIsTaken()
    {
        var model = await _lab.ImportAsync();
        var free = FreePort.Choose(null, IPAddress.Loopback, Random.Shared);
        var service = await _lab.DeployAsync(configuration => configuration with { Port = free }, (model, 100));
        Assert.Equal(free, service.Url!.Port);
        await service.StopAsync();

        using var other = new TcpListener(IPAddress.Loopback, free);
        other.Start();
        var error = await Assert.ThrowsAsync<DeploymentException>(
            () => _lab.DeployAsync(configuration => configuration with { Port = free }, (model, 100)));
        // The old port is only preferred if no port is requested.
        var elsewhere = await _lab.DeployAsync((model, 100));

        Assert.Contains($"port {free}", error.Message, StringComparison.Ordinal);
        Assert.NotEqual(free, elsewhere.Url!.Port);
    }

    [Fact]
    public async Task Deploy_WithAToken_AnswersOnlyThoseWhoHaveItAlsoAfterAStop()
    {
        const string Token = "a-token-of-this-test";
        var model = await _lab.ImportAsync();
        var open = await Assert.ThrowsAsync<DeploymentException>(() => _lab.DeployAsync(
            configuration => configuration with { Access = new AccessSettings("0.0.0.0") }, (model, 100)));
        var service = await _lab.DeployAsync(
            configuration => configuration with { Access = new AccessSettings("0.0.0.0", Token) }, (model, 100));
        using var stranger = new PredictionClient(service.Url!);

        var refusal = await Assert.ThrowsAsync<PredictionException>(() => stranger.PredictAsync(ServiceLab.Png(0)));
        await service.StopAsync();
        var again = await _lab.Services.StartAsync(ServiceLab.Name, _lab.Models);
        await Assert.ThrowsAsync<PredictionException>(() => stranger.PredictAsync(ServiceLab.Png(0)));
        using var client = again.CreateClient();

        Assert.Contains("token", open.Message, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Unauthorized, refusal.StatusCode);
        Assert.NotEmpty((await client.PredictAsync(ServiceLab.Png(0))).Scores);
        Assert.Equal("127.0.0.1", again.Url!.Host);
        var told = string.Join('\n', again.ReadLog())
            + string.Join('\n', again.ReadEvents())
            + string.Join('\n', again.ReadHistory())
            + again;
        Assert.DoesNotContain(Token, told, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_ALogThatGrows_IsSetAsideBeforeItFillsTheDisk()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "What .NET prints on Windows goes to the file that was opened first.");
        await _lab.DeployAsync((await _lab.ImportAsync(), 100));
        await using (var log = new FileStream(
            _lab.Run.Log, FileMode.Append, FileAccess.Write, FileShare.ReadWrite)) log.SetLength(LogLimit.Largest + 1);

        await ServiceLab.UntilAsync(
            () => Task.FromResult(new FileInfo(_lab.Run.Log) is { Exists: true, Length: > 0 and < 100_000 }),
            "a new log");

        Assert.Contains("The previous log was full.", _lab.Run.ReadLogEnd(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Deploy_TwiceAtOnce_IsOneService()
    {
        var model = await _lab.ImportAsync();

        var both = await Task.WhenAll(_lab.DeployAsync((model, 100)), _lab.DeployAsync((model, 100)));

        Assert.Equal((both[0].ProcessId, both[0].Url), (both[1].ProcessId, both[1].Url));
        Assert.Single(both[0].ReadHistory());
    }

    [Fact]
    public async Task List_AServiceWhoseRecordIsDamaged_SaysSoAndCanBeDeleted()
    {
        await _lab.DeployAsync((await _lab.ImportAsync(), 100));
        await File.WriteAllTextAsync(Path.Combine(_lab.Run.Service.Path, ServiceFolder.RecordName), "{");

        var damaged = Assert.Single(await _lab.Services.ListAsync());
        await _lab.Services.DeleteAsync(ServiceLab.Name);

        Assert.Equal(ServiceStatus.Failed, damaged.Status);
        Assert.Contains("damaged", $"{damaged}", StringComparison.Ordinal);
        Assert.False(_lab.HasProcesses);
        Assert.Empty(await _lab.Services.ListAsync());
    }

    [Fact]
    public async Task List_AServiceWhoseRecordCannotBeOpened_SaysSoAndListsTheOthers()
    {
        await _lab.DeployAsync((await _lab.ImportAsync(), 100));
        // Opening a folder as a file is denied, even to root.
        Directory.CreateDirectory(Path.Combine(_lab.ServicesFolder, "another", ServiceFolder.RecordName));

        var services = await _lab.Services.ListAsync();

        Assert.Equal(
            [("another", ServiceStatus.Failed), (ServiceLab.Name, ServiceStatus.Running)],
            services.Select(service => (service.Name, service.Status)));
        Assert.Contains("cannot be read", services[0].Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Find_ADeploymentWhoseProgramWasKilled_IsTakenForWhatHasBecomeOfIt()
    {
        await _lab.DeployAsync((await _lab.ImportAsync(), 100));
        var folder = _lab.Run.Service;
        // The state that a deploying program leaves behind when it is killed: once after the service was started, and
        // once before.
        folder.WriteRecord(folder.ReadRecord()! with { Status = ServiceStatus.Deploying, Port = null });
        var started = await _lab.FindAsync();
        var asked = await started.CreateClient().PredictAsync(ServiceLab.Png(0));
        await new RunningService(_lab.Run, TimeProvider.System).KillAsync(default);
        var notStarted = await _lab.FindAsync();

        Assert.Equal((ServiceStatus.Running, ServiceStatus.Failed), (started.Status, notStarted.Status));
        Assert.NotEmpty(asked.Scores);
        Assert.Contains("interrupted", notStarted.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Delete_AServiceThatRuns_RemovesItAltogether()
    {
        await _lab.DeployAsync((await _lab.ImportAsync(), 100));

        await _lab.Services.DeleteAsync(ServiceLab.Name);

        Assert.Null(await _lab.Services.FindAsync(ServiceLab.Name));
        Assert.False(_lab.HasProcesses);
        await Assert.ThrowsAsync<DeploymentException>(() => _lab.Services.DeleteAsync(ServiceLab.Name));
    }

    private sealed class Steps(Action<DeploymentProgress> report) : IProgress<DeploymentProgress>
    {
        public void Report(DeploymentProgress value) => report(value);
    }
}
