namespace MnistLab.Serving;

/// <summary>This assembly as a program, and what it can be asked to be.</summary>
internal static class ServiceProgram
{
    /// <summary>The command of a service's own process: <c>serve FOLDER</c>.</summary>
    public const string Serve = "serve";

    /// <summary>The command of its supervisor: <c>supervise FOLDER</c>.</summary>
    public const string Supervise = "supervise";

    /// <summary>The path of the program.</summary>
    public static string Path => System.IO.Path.ChangeExtension(typeof(ServiceProgram).Assembly.Location, ".dll");
}
