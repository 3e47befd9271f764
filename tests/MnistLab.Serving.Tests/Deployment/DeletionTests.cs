using MnistLab.Hosting;
using MnistLab.Serving.Deployment;
using MnistLab.Serving.Instances;
using MnistLab.Testing;

namespace MnistLab.Serving.Tests;

public sealed class DeletionTests(TrainedModel trained) : IAsyncLifetime
{
    private readonly ServiceLab _lab = new(trained);

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _lab.DisposeAsync();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Delete_TheFolderOfAllServices_EndsTheProcessesAndNothingComesBack(bool isSupervised)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows keeps files that are in use.");
        var service = await _lab.DeployAsync((await _lab.ImportAsync(), 100));
        var process = ProcessIdentity.Find(service.ProcessId!.Value)!;
        var supervisor = ProcessIdentity.Find(_lab.Run.ReadSupervisor()!.ProcessId)!;
        if (!isSupervised) await ServiceLab.KillAsync(supervisor.Id);

        FolderInUse.Delete(_lab.ServicesFolder);

        await ServiceLab.UntilAsync(() => Task.FromResult(!process.Exists && !supervisor.Exists), "both processes gone");
        Assert.False(Directory.Exists(_lab.ServicesFolder));
        Assert.Empty(await _lab.Services.ListAsync());
    }

    [Fact]
    public async Task Delete_TheFolderAfterTheSupervisorWasReplaced_EndsTheProcessThatItFound()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows keeps files that are in use.");
        var service = await _lab.DeployAsync((await _lab.ImportAsync(), 100));
        await ServiceLab.KillAsync(_lab.Run.ReadSupervisor()!.ProcessId);
        await _lab.Services.StartAsync(ServiceLab.Name, _lab.Models);
        var process = ProcessIdentity.Find(service.ProcessId!.Value)!;
        var supervisor = ProcessIdentity.Find(_lab.Run.ReadSupervisor()!.ProcessId)!;

        FolderInUse.Delete(_lab.ServicesFolder);

        await ServiceLab.UntilAsync(() => Task.FromResult(!process.Exists && !supervisor.Exists), "both processes gone");
        Assert.False(Directory.Exists(_lab.ServicesFolder));
    }

    [Fact]
    public async Task Delete_TheProgramThatItWasDeployedFrom_LeavesAServiceThatAlsoSurvivesACrash()
    {
        using var folder = new TemporaryFolder();
        ServiceProgram.Copy(ServiceProgram.Path, folder["copy"]);
        Directory.CreateDirectory(folder["build"]);
        // Copied byte by byte, because the files that are overwritten below must not be linked to anything.
        foreach (var file in Directory.GetFiles(folder["copy"]))
            File.WriteAllBytes(Path.Combine(folder["build"], Path.GetFileName(file)), File.ReadAllBytes(file));
        var services = new OnlineServices(_lab.ServicesFolder) { Program = Path.Combine(folder["build"], ServiceProgram.FileName) };
        var service = await services.DeployAsync(ServiceLab.Name, await _lab.ImportAsync(), _lab.Store);

        // Overwrites files in place, as a build does, and then deletes them.
        foreach (var file in Directory.GetFiles(folder["build"])) File.WriteAllText(file, "overwritten");
        Directory.Delete(folder["build"], recursive: true);
        await ServiceLab.KillAsync(service.ProcessId!.Value);
        await ServiceLab.UntilAsync(() => Task.FromResult(
            _lab.Run.ReadState() is { Ready: not null } state && state.ProcessId != service.ProcessId), "ready again");
        using var client = service.CreateClient();

        Assert.NotEmpty((await client.PredictAsync(ServiceLab.Png(0))).Scores);
        var error = await Assert.ThrowsAsync<DeploymentException>(
            () => services.DeployAsync("another", ServiceConfiguration.From(_lab.Imported!), _lab.Store));
        Assert.Contains("dotnet build", error.Message, StringComparison.Ordinal);
        var program = _lab.Run.ProgramFolder;
        Assert.True(Directory.Exists(program));
        await _lab.Services.StopAsync(ServiceLab.Name);
        Assert.False(Directory.Exists(program));
    }

    [Fact]
    public async Task Deploy_AService_LoadsNothingFromTheBuild()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Reads /proc.");
        var service = await _lab.DeployAsync((await _lab.ImportAsync(), 100));

        var mapped = File
            .ReadLines($"/proc/{service.ProcessId}/maps")
            .Where(line => line.Contains('/', StringComparison.Ordinal))
            .Select(line => line[line.IndexOf('/', StringComparison.Ordinal)..])
            .Distinct()
            .ToList();

        var native = Assert.Single(mapped, file => Path.GetFileName(file) == "libonnxruntime.so");
        Assert.StartsWith(_lab.Run.ProgramFolder, native, StringComparison.Ordinal);
        Assert.Contains(mapped, file => file == _lab.Run.Program);
        Assert.DoesNotContain(mapped, file => file.StartsWith(AppContext.BaseDirectory, StringComparison.Ordinal));
    }
}
