using MnistLab.Kernel.Installation;
using MnistLab.Studio.Notebooks;
using MnistLab.Testing;

namespace MnistLab.Studio.Tests.Notebooks;

/// <summary>Tests notebooks with other kernels that are installed for Jupyter.</summary>
public sealed class InstalledKernelTests
{
    [Fact]
    public async Task DotNetInteractive_ChosenForANotebook_RunsItsCells()
    {
        var program = InstalledProgram.Require(DotNetInteractive.Program);
        using var folder = new TemporaryFolder();
        await DotNetInteractive.InstallAsync(program, folder["jupyter"]);
        NotebookFiles.Write(folder["a.ipynb"], "Microsoft.DotNet.Interactive.Kernel.Root.GetType().Name");
        var options = new StudioOptions { Workspace = folder.Path };
        // It has the same name as the kernel of this library, which remains the default for notebooks that specify this
        // name.
        var kernels = KernelSpecification.Find(new JupyterFolders(name => name == "JUPYTER_DATA_DIR" ? folder["jupyter"] : null));
        var installed = Assert.Single(kernels.Skip(1), kernel => kernel.Name == KernelSpecification.Own.Name);
        await using var session = new NotebookSession(
            "a.ipynb",
            new NotebookFile(folder["a.ipynb"], options.StateFolder),
            kernels,
            new TrustStore(options),
            TimeProvider.System);
        Assert.Same(KernelSpecification.Own, session.Specification);

        await session.ChangeKernelAsync(installed);
        await session.RunAsync(session.Cells);

        Assert.Null(session.Problem);
        // It shows an output of its own, without text, before the first result.
        Assert.Equal("CompositeKernel", session.TextOf(session.Cells[0]).Trim());
    }
}
