using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using MnistLab.Hosting;
using MnistLab.Kernel.Documents;
using MnistLab.Kernel.Jupyter;
using MnistLab.Kernel.Sessions;

namespace MnistLab.Kernel.Installation;

/// <summary>
/// Installs the kernel for Jupyter. An installation is self-contained: the folder of the specification includes the
/// program, so that neither rebuilding nor removing the original affects an open notebook.
/// </summary>
public sealed partial class KernelInstallation
{
    private readonly JupyterFolders _folders;
    private readonly AheadOfTimeCompiler _compiler;

    /// <summary>Initializes an installation for the folders of Jupyter.</summary>
    /// <param name="folders">The folders in which Jupyter looks for kernels.</param>
    public KernelInstallation(JupyterFolders folders)
        : this(folders, new())
    {
    }

    internal KernelInstallation(JupyterFolders folders, AheadOfTimeCompiler compiler) => (_folders, _compiler) = (folders, compiler);

    private const string ProgramFolder = "program";

    /// <summary>The name by which C# notebooks specify their kernel.</summary>
    public const string DefaultName = ".net-csharp";

    /// <summary>The default display name.</summary>
    public const string DefaultDisplayName = ".NET (C#)";

    /// <summary>
    /// Returns the kernels that Jupyter finds, in the order of their names. If several have the same name, only the one
    /// with precedence is included.
    /// </summary>
    public IReadOnlyList<InstalledKernel> List() =>
    [
        .. _folders.All.Where(Directory.Exists)
            .SelectMany(Directory.GetDirectories)
            .Select(InstalledKernel.Read)
            .OfType<InstalledKernel>()
            .DistinctBy(kernel => kernel.Name, StringComparer.OrdinalIgnoreCase)
            .OrderBy(kernel => kernel.Name, StringComparer.Ordinal),
    ];

    /// <summary>Installs or replaces the kernel, as built.</summary>
    /// <inheritdoc cref="InstallCompiledAsync" path="/param | /exception"/>
    public InstalledKernel Install(string name, string displayName, string? kernels = null) =>
        InstallAsync(name, displayName, kernels, _ => Task.CompletedTask).GetAwaiter().GetResult();

    /// <summary>
    /// Installs or replaces the kernel and compiles its libraries to machine code, so that it starts in a third of the
    /// time. Compiling takes a minute or two.
    /// </summary>
    /// <param name="name">The name by which notebooks specify the kernel.</param>
    /// <param name="displayName">The display name.</param>
    /// <param name="kernels">
    /// The folder of kernels to install to (see <see cref="JupyterFolders"/>); null for the user's.
    /// </param>
    /// <param name="progress">Receives the name of each library before it is compiled.</param>
    /// <param name="cancellationToken">A token that cancels the installation; nothing is installed then.</param>
    /// <returns>The kernel, and the reason why its libraries were not compiled; null if they were.</returns>
    /// <exception cref="KernelInstallationException">
    /// The name is not valid or belongs to another kernel, or the folder cannot be written.
    /// </exception>
    public async Task<(InstalledKernel Kernel, string? NotCompiled)> InstallCompiledAsync(
        string name, string displayName, string? kernels, IProgress<string> progress, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(progress);
        string? problem = null;
        var kernel = await InstallAsync(
            name,
            displayName,
            kernels,
            async program => problem = await _compiler.CompileAsync(program, progress, cancellationToken));
        return (kernel, problem);
    }

    private async Task<InstalledKernel> InstallAsync(string name, string displayName, string? kernels, Func<string, Task> compile)
    {
        ArgumentException.ThrowIfNullOrEmpty(displayName);
        CheckName(name);
        var target = Path.Combine(kernels ?? _folders.User, name);
        if ((InstalledKernel.Read(target) ?? List().FirstOrDefault(
            kernel => kernel.Name.Equals(name, StringComparison.OrdinalIgnoreCase))) is { IsOurs: false } other)
            throw new KernelInstallationException(
                $"Another kernel named '{name}' is already in {other.Folder} ({other.DisplayName}) and was not changed. Choose another name, such as --name mnistlab-csharp.");
        if (Directory.Exists(target) && InstalledKernel.Read(target) is null)
            throw new KernelInstallationException(
                $"{target} exists but is not the folder of a kernel, so it was not changed. Remove it, or choose another name with --name.");

        try
        {
            await AtomicFolder.CreateAsync(target, async folder =>
            {
                var program = Directory.CreateDirectory(Path.Combine(folder, ProgramFolder)).FullName;
                foreach (var file in KernelProgram.Files) File.Copy(file, Path.Combine(program, Path.GetFileName(file)));
                await compile(program);
                foreach (var logo in KernelProgram.Logos) WriteResource(logo, Path.Combine(folder, logo));
                var specification = Specification(displayName, Path.Combine(target, ProgramFolder, KernelProgram.Name));
                File.WriteAllText(Path.Combine(folder, InstalledKernel.Specification), JupyterJson.Write(specification));
                if (Directory.Exists(target)) Directory.Delete(target, recursive: true);
            });
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new KernelInstallationException(
                $"The kernel cannot be installed to {target}: {error.Message} Close the notebooks that use the kernel, and check that you can write to the folder.",
                error);
        }

        return InstalledKernel.Read(target)!;
    }

    /// <summary>Removes the kernel.</summary>
    /// <param name="name">The name of the kernel.</param>
    /// <param name="kernels">
    /// The folder of kernels that contains the kernel; null to search the folders of Jupyter.
    /// </param>
    /// <returns>The kernel that was removed.</returns>
    /// <exception cref="KernelInstallationException">
    /// There is no kernel with this name, it is not this library's, or it cannot be removed.
    /// </exception>
    public InstalledKernel Uninstall(string name, string? kernels = null)
    {
        CheckName(name);
        var found = kernels is null
            ? List().FirstOrDefault(kernel => kernel.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
            : InstalledKernel.Read(Path.Combine(kernels, name));
        if (found is null)
            throw new KernelInstallationException(
                $"There is no kernel named '{name}' {(kernels is null ? "where Jupyter looks for kernels" : $"in {kernels}")}.");
        if (!found.IsOurs)
            throw new KernelInstallationException(
                $"The kernel '{name}' in {found.Folder} ({found.DisplayName}) is a different kernel, so it was not removed.");

        try
        {
            Directory.Delete(found.Folder, recursive: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new KernelInstallationException(
                $"{found.Folder} cannot be removed: {error.Message} Close the notebooks that use the kernel, and try again.", error);
        }

        return found;
    }

    // https://jupyter-client.readthedocs.io/en/latest/kernels.html#kernel-specs
    [GeneratedRegex(@"^[a-zA-Z0-9._-]+\z")]
    private static partial Regex Allowed { get; }

    private static void CheckName(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (!Allowed.IsMatch(name) || name is "." or "..")
            throw new KernelInstallationException(
                $"'{name}' is not a valid name for a kernel: use letters, digits, dots, hyphens, and underscores.");
    }

    private static JsonObject Specification(string displayName, string program) => new()
    {
        ["argv"] = new JsonArray(DotnetHost.Path, "exec", program, JupyterCommand.Name, "{connection_file}"),
        ["display_name"] = displayName,
        ["language"] = "C#",
        ["interrupt_mode"] = "message",
        ["metadata"] = new JsonObject { [InstalledKernel.Mark] = new JsonObject { ["version"] = KernelVersion.Current } },
    };

    private static void WriteResource(string name, string file)
    {
        using var resource = typeof(KernelInstallation).Assembly.GetManifestResourceStream(name)!;
        using var output = File.Create(file);
        resource.CopyTo(output);
    }
}
