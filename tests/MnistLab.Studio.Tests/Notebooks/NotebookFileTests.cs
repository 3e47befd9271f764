using MnistLab.Studio.Notebooks;
using MnistLab.Testing;

namespace MnistLab.Studio.Tests.Notebooks;

public sealed class NotebookFileTests
{
    [Fact]
    public void HasChanged_AfterOthersWrote_StaysTrueUntilItIsAccepted()
    {
        using var folder = new TemporaryFolder();
        NotebookFiles.Write(folder["a.ipynb"], "1");
        var file = new NotebookFile(folder["a.ipynb"], folder["state"]);
        file.Read();
        Assert.False(file.HasChanged());

        NotebookFiles.Write(folder["a.ipynb"], "theirs");

        Assert.True(file.HasChanged());
        // A second request must not overwrite it.
        Assert.True(file.HasChanged());
        file.Accept();
        Assert.False(file.HasChanged());
    }

    [Fact]
    public void WorkingCopy_OfAFileThatHasChangedSince_IsReadAsOutdated()
    {
        using var folder = new TemporaryFolder();
        NotebookFiles.Write(folder["a.ipynb"], "1");
        var file = new NotebookFile(folder["a.ipynb"], folder["state"]);
        var (document, _, _, _) = file.Read();
        document.Cells[0].SetSource("mine");
        file.SaveWorkingCopy(document.Write("a.ipynb"), isTrusted: true);

        var again = new NotebookFile(folder["a.ipynb"], folder["state"]).Read();
        NotebookFiles.Write(folder["a.ipynb"], "theirs");
        var outdated = new NotebookFile(folder["a.ipynb"], folder["state"]).Read();

        Assert.Equal(("mine", true, false, true), (again.Document.Cells[0].Source, again.IsUnsaved, again.IsOutdated, again.IsTrusted));
        Assert.Equal(("mine", true, true), (outdated.Document.Cells[0].Source, outdated.IsUnsaved, outdated.IsOutdated));
    }
}
