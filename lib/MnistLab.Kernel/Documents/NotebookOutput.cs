namespace MnistLab.Kernel;

/// <summary>One output of a code cell, as nbformat 4 knows them.</summary>
public abstract record NotebookOutput
{
    private protected NotebookOutput() { }
}
