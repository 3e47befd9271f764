using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using MnistLab.Serving.Deployment;
using MnistLab.Serving.Instances;
using MnistLab.Serving.Metrics;
using MnistLab.Serving.Operations;
using MnistLab.Serving.Pipeline;
using MnistLab.Serving.Protocols.ModelArts;
using MnistLab.Serving.Protocols.OpenInference;
using MnistLab.Serving.Protocols.OpenInferenceGrpc;
using MnistLab.Serving.Protocols.Rest;
using MnistLab.Serving.Protocols.TensorFlow;
using MnistLab.Serving.Requests;

namespace MnistLab.Serving.Online;

/// <summary>Builds the web application of a service.</summary>
internal static class OnlineServiceApplication
{
    /// <param name="settings">The settings of the service.</param>
    /// <param name="run">The folder of the instance that this process runs; null if it runs none, so that its
    /// configuration cannot be changed while it runs.</param>
    /// <param name="pull">The settings for downloading models that are not on this machine; null if all are.</param>
    public static WebApplication Create(RunSettings settings, InstanceFolder? run = null, PullSettings? pull = null)
    {
        var access = new AccessControl(settings.Access);
        // An empty builder: configuration files and environment variables of the host must not affect the service.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions
        {
            ApplicationName = "MnistLab.Serving",
            ContentRootPath = AppContext.BaseDirectory
        });
        // Continuations run inline: this thread already comes from the pool, and each thread switch costs more than all
        // parsing. Connections also allocate their buffer before data arrives, which saves a system call per request
        // and costs 4 KB per connection.
        builder.WebHost
            .UseKestrelCore()
            .UseSockets(sockets => (sockets.UnsafePreferInlineScheduling, sockets.WaitForDataBeforeAllocatingBuffer) = (true, false))
            .ConfigureKestrel(server =>
        {
            server.AddServerHeader = false;
            server.Limits.MaxRequestBodySize = ServiceLimits.MaxBodyBytes;
            server.Limits.MaxConcurrentConnections = ServiceLimits.MaxConnections;
            server.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
            server.Listen(access.Address, settings.Port, listen => listen.Protocols = HttpProtocols.Http1);
            if (settings.GrpcPort is { } grpcPort)
                server.Listen(access.Address, grpcPort, listen => listen.Protocols = HttpProtocols.Http2);
        });
        builder.Logging.SetMinimumLevel(LogLevel.Information)
            .AddFilter("Microsoft", LogLevel.Warning)
            // Requests that gRPC rejects are client errors; the pipeline logs failures.
            .AddFilter("Grpc", LogLevel.None)
            // Otherwise, an Activity would be created for every request, only for logging.
            .AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None)
            .AddFilter("Microsoft.Hosting.Lifetime", LogLevel.Information);
        ServiceLog.Add(builder.Logging, settings.LogFormat);
        builder.Services.AddRouting();
        LoopbackHosts.Add(builder.Services, access.Address);
        builder.Services.AddSingleton(settings);
        builder.Services.AddSingleton<ServedModels>();
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<RunningPredictions>();
        builder.Services.AddSingleton<HungInferenceWatchdog>();
        builder.Services.AddSingleton<ModelLoader>();
        builder.Services.AddSingleton<ServiceMetrics>();
        builder.Services.AddSingleton<ServiceEvents>();
        builder.Services.AddSingleton<RefusalLog>();
        builder.Services.AddSingleton<Rejections>();
        builder.Services.AddSingleton<ErrorResponses>();
        builder.Services.AddSingleton<RestCalls>();
        builder.Services.AddSingleton<LargeBodyLimiter>();
        builder.Services.AddSingleton(_ => new InferenceLimiter(Environment.ProcessorCount, ServiceLimits.MaxWaiting));
        builder.Services.AddSingleton<InferencePipeline>();
        if (settings.GrpcPort is not null) builder.Services.AddGrpcInference();
        builder.Services.AddHostedService(services => services.GetRequiredService<ModelLoader>());
        builder.Services.AddHostedService(services => services.GetRequiredService<RunningPredictions>());
        builder.Services.AddHostedService(services => services.GetRequiredService<HungInferenceWatchdog>());
        if (run is not null) builder.Services.AddSingleton(run).AddHostedService<InstanceWatch>().AddHostedService<LogLimit>();
        if (pull is not null) builder.Services.AddSingleton(pull).AddSingleton<ModelPull>();
        builder.Services.AddHostedService<DrainBeforeStop>();
        builder.Services.Configure<ConsoleLifetimeOptions>(console => console.SuppressStatusMessages = true);
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = ShutdownTimeout(settings, run));

        var app = builder.Build();
        var services = app.Services;
        var (models, rest) = (services.GetRequiredService<ServedModels>(), services.GetRequiredService<RestCalls>());
        var (metrics, gate) = (services.GetRequiredService<ServiceMetrics>(), services.GetRequiredService<InferenceLimiter>());
        if (settings.GrpcPort is null)
        {
            UseRest(app);
        }
        else
        {
            app.UseWhen(GrpcEndpoints.IsGrpc, GrpcEndpoints.Use);
            app.UseWhen(context => !GrpcEndpoints.IsGrpc(context), UseRest);
        }

        LoopbackHosts.Use(app, access.Address);
        app.UseRouting();
        if (settings.GrpcPort is not null)
        {
            GrpcEndpoints.Separate(app);
            app.MapGrpcInference();
        }

        access.Use(app);
        app.MapHealth(models);
        app.MapPage();
        app.MapPrediction(rest);
        app.MapTensorFlow(rest, settings);
        app.MapOpenInference(rest, settings);
        app.MapMetrics(metrics, gate, models);
        ServiceInstruments.Publish(metrics, gate, models);
        app.MapOpenApi(settings, models);
        app.MapServiceFacts(
            settings,
            models,
            metrics,
            gate,
            services.GetRequiredService<ServiceEvents>(),
            run,
            services.GetRequiredService<TimeProvider>(),
            () => GrpcAddress(app));
        app.MapStop(settings);
        if (run is not null)
            app.MapConfiguration(settings, run, app.Services.GetRequiredService<ILoggerFactory>().CreateLogger("Configuration"));
        return app;
    }

    /// <summary>
    /// Returns the maximum time that the service takes to shut down. In a deployment, the successor waits for it; in
    /// the foreground, it is long enough for every request in flight to finish.
    /// </summary>
    public static TimeSpan ShutdownTimeout(RunSettings settings, InstanceFolder? run) =>
        settings.Drain + (run is not null ? RunningService.Drain : settings.PredictionLimit + TimeSpan.FromSeconds(2));

    /// <summary>Returns the URL that a started service listens on.</summary>
    public static Uri Address(WebApplication app) => new(Addresses(app).First());

    /// <summary>Returns the URL that a started service listens on for gRPC; null if it does not.</summary>
    public static Uri? GrpcAddress(WebApplication app) => Addresses(app).ElementAtOrDefault(1) is { } address ? new Uri(address) : null;

    private static ICollection<string> Addresses(WebApplication app) =>
        app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses;

    private static void UseRest(IApplicationBuilder app)
    {
        app.ApplicationServices.GetRequiredService<ErrorResponses>().Use(app);
        var models = app.ApplicationServices.GetRequiredService<ServedModels>();
        app.Use((context, next) =>
        {
            context.Response.Headers.XContentTypeOptions = "nosniff";
            // Makes clients and proxies open another connection, to another replica, before this process ends.
            if (models.IsDraining) context.Response.Headers.Connection = "close";
            return next(context);
        });
    }
}
