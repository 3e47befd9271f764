namespace MnistLab.Kernel.Installation;

/// <summary>
/// Determines the folders in which Jupyter looks for kernels:
/// https://docs.jupyter.org/en/latest/use/jupyter-directories.html.
/// </summary>
/// <param name="environment">Returns the value of an environment variable; null if it is not set.</param>
public sealed class JupyterFolders(Func<string, string?> environment)
{
    private const string Kernels = "kernels";

    /// <summary>Gets the folders for the environment of this process.</summary>
    public static JupyterFolders OfEnvironment { get; } = new(Environment.GetEnvironmentVariable);

    /// <summary>Gets the folder of the user's kernels.</summary>
    public string User => Path.Combine(Variable("JUPYTER_DATA_DIR") ?? DefaultData(), Kernels);

    /// <summary>Gets all folders of kernels, in order of precedence. They may not exist.</summary>
    public IReadOnlyList<string> All =>
    [
        .. (Variable("JUPYTER_PATH") ?? "")
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Select(folder => Path.Combine(folder, Kernels)),
        User,
        .. Environments.Select(InPrefix),
        .. System,
    ];

    // Jupyter also looks in the active Python environment.
    private IEnumerable<string> Environments => new[] { "VIRTUAL_ENV", "CONDA_PREFIX" }.Select(Variable).OfType<string>();

    private IEnumerable<string> System => OperatingSystem.IsWindows()
        ? [Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.CommonApplicationData), "jupyter", Kernels)]
        : [InPrefix("/usr/local"), InPrefix("/usr")];

    /// <summary>Returns the folder of the kernels of the environment with a prefix.</summary>
    public static string InPrefix(string prefix) => Path.Combine(Path.GetFullPath(prefix), "share", "jupyter", Kernels);

    private string DefaultData()
    {
        var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        if (OperatingSystem.IsWindows())
            return Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.ApplicationData), "jupyter");
        return OperatingSystem.IsMacOS()
            ? Path.Combine(home, "Library", "Jupyter")
            : Path.Combine(Variable("XDG_DATA_HOME") ?? Path.Combine(home, ".local", "share"), "jupyter");
    }

    private string? Variable(string name) => environment(name) is { Length: > 0 } value ? value : null;
}
