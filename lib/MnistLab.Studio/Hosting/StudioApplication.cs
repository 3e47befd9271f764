using System.Net;
using System.Net.Sockets;
using MnistLab.Studio.Files;
using MnistLab.Studio.Layout;
using MnistLab.Studio.Notebooks;
using MnistLab.Studio.Preferences;
using MnistLab.Studio.Security;

namespace MnistLab.Studio.Hosting;

/// <summary>Represents the lab as a web application for the browsers of this machine.</summary>
public sealed class StudioApplication : IAsyncDisposable
{
    private const string Name = "MnistLab.Studio";

    private readonly WebApplication _application;
    private readonly AccessToken _token;

    private StudioApplication(WebApplication application, AccessToken token) =>
        (_application, _token) = (application, token);

    /// <summary>Gets the address without its token, such as <c>http://127.0.0.1:8787/</c>.</summary>
    public Uri Root => new UriBuilder(_application.Urls.First()) { Host = OutputAddress.PageHost }.Uri;

    /// <summary>Gets the address with the token that authorizes a browser.</summary>
    public Uri Address => new(Root, _token.Query);

    /// <summary>Starts the application.</summary>
    /// <param name="options">The options.</param>
    /// <param name="cancellationToken">Cancels the start.</param>
    /// <exception cref="StudioException">The port is in use.</exception>
    public static async Task<StudioApplication> StartAsync(
        StudioOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        try
        {
            var port = options.Port ?? StudioOptions.DefaultPort;
            return await StartAsync(options, port == 0 ? FreePort() : port, cancellationToken);
        }
        catch (IOException) when (options.Port is null or 0)
        {
            return await StartAsync(options, FreePort(), cancellationToken);
        }
        catch (IOException error)
        {
            throw new StudioException(
                $"Port {options.Port} cannot be used: {error.Message} Choose another one with --port, or omit "
                + "--port to use any free port.",
                error);
        }
    }

    /// <summary>Waits until the token is canceled or the process is asked to shut down.</summary>
    public Task WaitForShutdownAsync(CancellationToken cancellationToken = default) =>
        _application.WaitForShutdownAsync(cancellationToken);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _application.StopAsync();
        await _application.DisposeAsync();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static async Task<StudioApplication> StartAsync(
        StudioOptions options, int port, CancellationToken cancellationToken)
    {
        var token = AccessToken.Create(options.StateFolder);
        var application = Build(options, port, token);
        try
        {
            await application.StartAsync(cancellationToken);
            return new StudioApplication(application, token);
        }
        catch
        {
            await application.DisposeAsync();
            throw;
        }
    }

    private static WebApplication Build(StudioOptions options, int port, AccessToken token)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions
        {
            ApplicationName = Name,
            ContentRootPath = AppContext.BaseDirectory,
            EnvironmentName = Environments.Production,
        });
        builder.Configuration.Sources.Clear();
        builder.Logging.ClearProviders().AddConsole().SetMinimumLevel(LogLevel.Error);
        builder.WebHost.UseStaticWebAssets();
        builder.WebHost.ConfigureKestrel(server =>
        {
            server.AddServerHeader = false;
            // Listens on both IPv4 and IPv6: if one of them were free, another program could listen there as Studio.
            server.ListenLocalhost(port);
        });
        builder.Services.AddSingleton(options).AddSingleton(token).AddSingleton(TimeProvider.System);
        builder.Services.AddStudio();

        var application = builder.Build();
        application.UseMiddleware<RequestGuard>();
        application.UseStatusCodePagesWithReExecute("/not-found", createScopeForStatusCodePages: true);
        application.UseAntiforgery();
        application.MapStaticAssets(Path.Combine(AppContext.BaseDirectory, $"{Name}.staticwebassets.endpoints.json"));
        application.MapPreferences();
        application.MapOutputs();
        application.MapFiles();
        application.MapConsole();
        application.MapRazorComponents<App>().AddInteractiveServerRenderMode(
            // RequestGuard sets the policy that prevents framing.
            server => server.ContentSecurityFrameAncestorsPolicy = null);
        return application;
    }
}
