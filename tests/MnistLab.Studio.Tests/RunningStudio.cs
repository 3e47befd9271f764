using MnistLab.Storage.Configuration;
using MnistLab.Studio.Hosting;
using MnistLab.Testing;

namespace MnistLab.Studio.Tests;

/// <summary>Represents the lab of a test, in a separate workspace.</summary>
internal sealed class RunningStudio : IAsyncDisposable
{
    private readonly TemporaryFolder _folder;
    private readonly TemporaryFolder _settings;

    private RunningStudio(TemporaryFolder folder, TemporaryFolder settings, StudioApplication application) =>
        (_folder, _settings, Application) = (folder, settings, application);

    public StudioApplication Application { get; }

    public string Workspace => _folder.Path;

    /// <summary>The folder of the user's settings, which is not that of the user who runs the tests.</summary>
    public string Settings => _settings.Path;

    /// <summary>Starts a lab.</summary>
    /// <param name="prepare">Writes files to the workspace.</param>
    public static async Task<RunningStudio> StartAsync(Action<string>? prepare = null)
    {
        var folder = new TemporaryFolder();
        prepare?.Invoke(folder.Path);
        var settings = new TemporaryFolder();
        var options = new StudioOptions
        {
            Workspace = folder.Path,
            Port = 0,
            Environment = name => name == AccessKeys.FolderVariable
                ? settings.Path
                : name.StartsWith("OBS_", StringComparison.Ordinal) ? null : Environment.GetEnvironmentVariable(name),
        };
        return new(folder, settings, await StudioApplication.StartAsync(options, TestContext.Current.CancellationToken));
    }

    public string File(string name) => Path.Combine(Workspace, name);

    /// <summary>Creates an authorized client, like a browser with a cookie, which does not follow redirects.</summary>
    public async Task<HttpClient> EnterAsync()
    {
        var client = Stranger();
        using var entry = await client.GetAsync(Application.Address);
        return client;
    }

    /// <summary>Creates a client without a token.</summary>
    public HttpClient Stranger() =>
        new(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = Application.Root };

    public async ValueTask DisposeAsync()
    {
        await Application.DisposeAsync();
        _folder.Dispose();
        _settings.Dispose();
    }
}
