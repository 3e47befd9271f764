using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace MnistLab.Serving;

/// <summary>Puts the service together.</summary>
internal static class OnlineServiceApplication
{
    /// <param name="settings">What it is started with.</param>
    /// <param name="run">The run that it is the process of; null where it is nobody's, and cannot be changed while it runs.</param>
    public static WebApplication Create(RunSettings settings, RunFolder? run = null)
    {
        // From nothing: settings files and variables of whoever deploys the service are none of its business.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ApplicationName = "MnistLab.Serving", ContentRootPath = AppContext.BaseDirectory });
        builder.WebHost.UseKestrelCore().ConfigureKestrel(server =>
        {
            server.AddServerHeader = false;
            server.Limits.MaxRequestBodySize = PredictionEndpoint.LargestBody;
            server.Listen(IPAddress.Loopback, settings.Port);
        });
        builder.Logging.SetMinimumLevel(LogLevel.Information)
            .AddFilter("Microsoft", LogLevel.Warning)
            .AddFilter("Microsoft.Hosting.Lifetime", LogLevel.Information)
            .AddSimpleConsole(console =>
            {
                console.SingleLine = true;
                console.UseUtcTimestamp = true;
                console.TimestampFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z' ";
                console.ColorBehavior = Microsoft.Extensions.Logging.Console.LoggerColorBehavior.Disabled;
            });
        builder.Services.AddRouting();
        builder.Services.AddSingleton(settings);
        builder.Services.AddSingleton<ServedModels>();
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<OverduePredictions>();
        builder.Services.AddSingleton<OverdueWatch>();
        builder.Services.AddSingleton<ModelLoader>();
        builder.Services.AddHostedService(services => services.GetRequiredService<ModelLoader>());
        builder.Services.AddHostedService(services => services.GetRequiredService<OverdueWatch>());
        if (run is not null) builder.Services.AddSingleton(run).AddHostedService<SupervisorWatch>();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = RunningService.Drain);

        var app = builder.Build();
        app.UseErrorAnswers();
        app.UseRouting();
        app.MapHealth();
        app.MapPage(settings);
        app.MapPrediction();
        app.MapStop(settings);
        if (run is not null) app.MapConfiguration(settings, run, app.Services.GetRequiredService<ILoggerFactory>().CreateLogger("Configuration"));
        return app;
    }

    /// <summary>Where a started service listens.</summary>
    public static Uri Address(WebApplication app) =>
        new(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
}
