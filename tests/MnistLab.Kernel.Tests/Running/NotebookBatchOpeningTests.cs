using MnistLab.Kernel.Documents;
using MnistLab.Kernel.Running;
using MnistLab.Testing;

namespace MnistLab.Kernel.Tests;

/// <summary>Tests what is rejected before any notebook runs.</summary>
public sealed class NotebookBatchOpeningTests
{
    [Fact]
    public void Open_OfANotebookInAnotherLanguage_SaysSoBeforeAnythingRuns()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(
            folder["1.ipynb"],
            """{ "cells": [], "metadata": { "kernelspec": { "language": "python", "name": "python3" } }, "nbformat": 4, "nbformat_minor": 5 }""");
        Assert.Contains("python", Assert.Throws<NotebookFormatException>(
            () => NotebookBatch.Open([folder.Path], folder["out"], TimeProvider.System)).Message);
    }

    [Fact]
    public void Open_OfWhatIsNotThere_NamesIt()
    {
        using var folder = new TemporaryFolder();
        var missing = Assert.Throws<NotebookSelectionException>(
            () => NotebookBatch.Open([folder["missing.ipynb"]], folder["out"], TimeProvider.System));
        Assert.Equal(folder["missing.ipynb"], missing.Path);
        Assert.Contains(folder["missing.ipynb"], missing.Message);
        Assert.Throws<NotebookSelectionException>(() => NotebookBatch.Open([folder.Path], folder["out"], TimeProvider.System));
    }

    [Fact]
    public void Open_WithTheNotebooksOwnFolderForOutput_RefusesToOverwriteIt()
    {
        using var folder = new TemporaryFolder();
        folder.WriteNotebook("1.ipynb", "1");
        Assert.Throws<NotebookSelectionException>(() => NotebookBatch.Open([folder.Path], folder.Path, TimeProvider.System));
    }

    [Fact]
    public void Open_OfAFileThatIsNoNotebook_SaysSoBeforeAnythingRuns()
    {
        using var folder = new TemporaryFolder();
        folder.WriteNotebook("1.ipynb", "1");
        File.WriteAllText(folder["2.ipynb"], "no notebook");
        Assert.Throws<NotebookFormatException>(() => NotebookBatch.Open([folder.Path], folder["out"], TimeProvider.System));
    }
}
