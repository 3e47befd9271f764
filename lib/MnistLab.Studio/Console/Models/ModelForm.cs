using MnistLab.Models.Registry;
using MnistLab.Notebooks;
using MnistLab.Storage;

namespace MnistLab.Studio.Console.Models;

/// <summary>What a person enters to import a model.</summary>
internal sealed class ModelForm
{
    private const string Example = "s3://modelarts-example/log/V0001/";

    /// <summary>Gets or sets the name that the model gets.</summary>
    public string Name { get; set; } = "digits";

    /// <summary>Gets or sets the output of a training job; empty for <see cref="Location"/>.</summary>
    public string Output { get; set; } = "";

    /// <summary>Gets or sets an address in the store, or a folder of the workspace.</summary>
    public string Location { get; set; } = "";

    /// <summary>Gets or sets the version; empty for the next one.</summary>
    public string Version { get; set; } = "";

    /// <summary>Gets or sets what the model is, for people to read.</summary>
    public string Description { get; set; } = "";

    /// <summary>Gets or sets whether a package without inference code gets the default code.</summary>
    public bool DefaultInferenceCode { get; set; }

    /// <summary>Gets where the model is imported from, as it was entered.</summary>
    public string Source => Output.Length > 0 ? Output : Location.Trim();

    /// <summary>Gets whether that is a folder of the workspace.</summary>
    public bool IsFolder => !Source.StartsWith("s3://", StringComparison.Ordinal);

    /// <summary>Gets the notebook code that imports the same.</summary>
    public string Code
    {
        get
        {
            var isUpload = IsFolder && Source.Length > 0;
            var source = NotebookCode.Literal(Source.Length > 0 ? Source : Example);
            var location = isUpload
                ? $"""
                    var output = lab.Bucket / {NotebookCode.Literal(UploadKey)};
                    await lab.Store.UploadFolderAsync(Path.Combine(lab.Workspace.Root, {source}), output);
                    """
                : $"var output = ObjectUrl.Parse({source});";
            var options = string.Join(", ", OptionCode());
            return NotebookCode.OfLab(
                $"""
                {location}
                var options = new ModelImportOptions {(options.Length > 0 ? $"{{ {options} }}" : "{ }")};
                var model = await lab.Models.ImportAsync({NotebookCode.Literal(Name.Trim())}, output, options);
                model
                """,
                typeof(ObjectUrl),
                typeof(ModelImportOptions),
                typeof(Path));
        }
    }

    private string UploadKey => $"imports/{Name.Trim()}/{Path.GetFileName(Source.TrimEnd('/'))}/";

    /// <summary>Returns the options of the import.</summary>
    /// <exception cref="FormatException">The version is not valid.</exception>
    public ModelImportOptions ToOptions() => new()
    {
        Version = Version.Trim() is { Length: > 0 } version ? ModelVersion.Parse(version) : null,
        Description = Description.Trim(),
        DefaultInferenceCode = DefaultInferenceCode,
    };

    /// <summary>Imports the model, after uploading it if it is a folder.</summary>
    /// <param name="lab">The platform.</param>
    /// <param name="folder">The full path of the folder; null for an address in the store.</param>
    /// <param name="options">The options of the import.</param>
    public Task ImportAsync(Lab lab, string? folder, ModelImportOptions options)
    {
        // As they are now: the form can be changed while the import goes on.
        var (name, output) = (Name.Trim(), folder is null ? ObjectUrl.Parse(Source) : lab.Bucket / UploadKey);
        return RunAsync();

        async Task RunAsync()
        {
            if (folder is not null) await lab.Store.UploadFolderAsync(folder, output);
            await lab.Models.ImportAsync(name, output, options);
        }
    }

    private IEnumerable<string> OptionCode()
    {
        if (Version.Trim() is { Length: > 0 } version) yield return $"Version = ModelVersion.Parse({NotebookCode.Literal(version)})";
        if (Description.Trim() is { Length: > 0 } description) yield return $"Description = {NotebookCode.Literal(description)}";
        if (DefaultInferenceCode) yield return "DefaultInferenceCode = true";
    }
}
