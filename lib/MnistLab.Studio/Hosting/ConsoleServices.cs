using MnistLab.Studio.Console;
using MnistLab.Studio.Console.Board;
using MnistLab.Studio.Console.Jobs;
using MnistLab.Studio.Console.Objects;

namespace MnistLab.Studio.Hosting;

/// <summary>Registers the services and endpoints of the console.</summary>
internal static class ConsoleServices
{
    /// <summary>Adds the services that the screens inject.</summary>
    public static void AddConsole(this IServiceCollection services) =>
        services.AddSingleton<ConsoleLab>().AddSingleton<LongWork>().AddSingleton<Uploads>().AddSingleton<BoardJobs>();

    /// <summary>Maps the endpoints that are not pages.</summary>
    public static void MapConsole(this IEndpointRouteBuilder routes)
    {
        routes.MapObjects();
        routes.MapJobs();
    }
}
