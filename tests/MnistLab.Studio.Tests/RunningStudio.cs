using MnistLab.Studio.Hosting;
using MnistLab.Testing;

namespace MnistLab.Studio.Tests;

/// <summary>A lab of a test's own, on a workspace of its own.</summary>
internal sealed class RunningStudio : IAsyncDisposable
{
    private readonly TemporaryFolder _folder;

    private RunningStudio(TemporaryFolder folder, StudioApplication application) =>
        (_folder, Application) = (folder, application);

    public StudioApplication Application { get; }

    public string Workspace => _folder.Path;

    /// <summary>Starts a lab.</summary>
    /// <param name="prepare">Puts files into the workspace.</param>
    public static async Task<RunningStudio> StartAsync(Action<string>? prepare = null)
    {
        var folder = new TemporaryFolder();
        prepare?.Invoke(folder.Path);
        var options = new StudioOptions { Workspace = folder.Path, Port = 0 };
        return new(folder, await StudioApplication.StartAsync(options, TestContext.Current.CancellationToken));
    }

    public string File(string name) => Path.Combine(Workspace, name);

    /// <summary>Opens a client that has been let in, as a browser is; it follows no redirect by itself.</summary>
    public async Task<HttpClient> EnterAsync()
    {
        var client = Stranger();
        using var entry = await client.GetAsync(Application.Address);
        return client;
    }

    /// <summary>Opens a client without a token.</summary>
    public HttpClient Stranger() =>
        new(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = Application.Root };

    public async ValueTask DisposeAsync()
    {
        await Application.DisposeAsync();
        _folder.Dispose();
    }
}
