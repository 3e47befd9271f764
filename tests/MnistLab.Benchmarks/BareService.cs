using System.Diagnostics;
using System.IO.Pipelines;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;

namespace MnistLab.Benchmarks;

/// <summary>The least that a web service can do: Kestrel reads the body and answers a constant. A process of its own, as the service is, with all settings as .NET has them; those of the service are part of what is measured.</summary>
internal static class BareService
{
    public const string Argument = "--bare-service";

    private static readonly byte[] Answer = """{"predicted_label":"2","scores":[["2","0.998"],["3","0.001"],["7","0.001"],["1","0.000"],["8","0.000"]]}"""u8.ToArray();

    /// <summary>Runs until its standard input ends.</summary>
    public static async Task<int> RunAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(server => server.Listen(IPAddress.Loopback, 0));
        await using var app = builder.Build();
        app.Run(async context =>
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

    /// <summary>Starts it as a process.</summary>
    public static async Task<(Process Process, Uri Url)> StartAsync()
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardInput = true, RedirectStandardOutput = true, UseShellExecute = false };
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet") start.ArgumentList.Add(typeof(BareService).Assembly.Location);
        start.ArgumentList.Add(Argument);
        var process = Process.Start(start)!;
        return (process, new Uri((await process.StandardOutput.ReadLineAsync())!));
    }
}
