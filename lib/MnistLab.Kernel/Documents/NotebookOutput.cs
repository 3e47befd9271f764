namespace MnistLab.Kernel.Documents;

/// <summary>Represents an output of a code cell, as defined by nbformat 4.</summary>
public abstract record NotebookOutput
{
    private protected NotebookOutput() { }
}
