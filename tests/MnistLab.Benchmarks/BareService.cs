using System.Diagnostics;
using System.IO.Pipelines;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;

namespace MnistLab.Benchmarks;

/// <summary>
/// Represents a minimal web service: Kestrel reads the body and returns a constant. It runs in a separate process, as
/// the service does, either with the service's settings of Kestrel and the runtime or with the defaults of .NET.
/// </summary>
internal static class BareService
{
    public const string Argument = "--bare-service";
    public const string Tuned = "tuned";
    public const string Grpc = "grpc";

    private static readonly byte[] Answer =
        """{"predicted_label":"2","scores":[["2","0.998"],["3","0.001"],["7","0.001"],["1","0.000"],["8","0.000"]]}"""u8.ToArray();

    /// <summary>Runs until the standard input ends.</summary>
    public static async Task<int> RunAsync(bool isTuned, bool isGrpc)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(server => server.Listen(IPAddress.Loopback, 0));
        if (isTuned)
        {
            builder.WebHost.UseSockets(sockets =>
                (sockets.UnsafePreferInlineScheduling, sockets.WaitForDataBeforeAllocatingBuffer) = (true, false));
            builder.WebHost.ConfigureKestrel(server => server.AddServerHeader = false);
        }

        if (isGrpc) BareGrpcService.Add(builder);
        await using var app = builder.Build();
        if (isGrpc) BareGrpcService.Map(app);
        else app.Run(async context =>
        {
            var reader = context.Request.BodyReader;
            ReadResult result;
            do
            {
                result = await reader.ReadAsync();
                reader.AdvanceTo(result.Buffer.End);
            }
            while (!result.IsCompleted);
            context.Response.ContentType = "application/json";
            context.Response.ContentLength = Answer.Length;
            await context.Response.BodyWriter.WriteAsync(Answer);
        });
        await app.StartAsync();
        Console.WriteLine(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
        await Console.In.ReadToEndAsync();
        return 0;
    }

    /// <summary>Starts the service as a process.</summary>
    public static async Task<(Process Process, Uri Url)> StartAsync(bool isTuned, bool isGrpc = false)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            UseShellExecute = false
        };
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet")
            start.ArgumentList.Add(typeof(BareService).Assembly.Location);
        start.ArgumentList.Add(Argument);
        if (isGrpc) start.ArgumentList.Add(Grpc);
        if (isTuned)
        {
            start.ArgumentList.Add(Tuned);
            // As in MnistLab.Serving.csproj; the values of these variables are hexadecimal.
            start.Environment["DOTNET_ThreadPool_UnfairSemaphoreSpinLimit"] = "F";
            start.Environment["DOTNET_HillClimbing_Disable"] = "1";
            start.Environment["DOTNET_gcConcurrent"] = "0";
        }

        var process = Process.Start(start)!;
        return (process, new Uri((await process.StandardOutput.ReadLineAsync())!));
    }
}
