using MnistLab.Data.Datasets;
using MnistLab.Data.Download;
using MnistLab.Data.Sources;
using MnistLab.Data.Workspaces;
using MnistLab.Models.Registry;
using MnistLab.Models.UserCode;
using MnistLab.Notebooks.Texts;
using MnistLab.Serving.Deployment;
using MnistLab.Serving.Instances;
using MnistLab.Storage;
using MnistLab.Training.Jobs;

namespace MnistLab.Notebooks;

/// <summary>
/// What every notebook starts with: the workspace it works in, and the platform's services in it.
/// Shown as a cell's result, it says where things are, and makes charts work without a network.
/// </summary>
public sealed class Lab
{
    /// <summary>The bucket of the tutorial.</summary>
    public const string BucketName = "modelarts-example";

    private Lab(Workspace workspace)
    {
        Workspace = workspace;
        Store = workspace.OpenStore();
        Jobs = new TrainingJobs(workspace);
        Services = new OnlineServices(workspace.ServicesFolder);
        Models = new ModelRegistry(Store, Bucket / "models/", users: Services);
    }

    /// <summary>The folders on this machine.</summary>
    public Workspace Workspace { get; }

    /// <summary>The object store: a folder on this machine, or the server that <c>OBS_ENDPOINT</c> or the user's access key names.</summary>
    public IObjectStore Store { get; }

    /// <summary>The tutorial's bucket, <c>s3://modelarts-example/</c>.</summary>
    public ObjectUrl Bucket { get; } = ObjectUrl.Parse($"s3://{BucketName}/");

    /// <summary>Where the four MNIST files are: <c>s3://modelarts-example/datasets/</c>.</summary>
    public ObjectUrl DatasetsUrl => Bucket / "datasets/";

    /// <summary>Where the code is: <c>s3://modelarts-example/codes/</c>.</summary>
    public ObjectUrl CodesUrl => Bucket / "codes/";

    /// <summary>The training output location: <c>s3://modelarts-example/log/</c>.</summary>
    public ObjectUrl LogUrl => Bucket / "log/";

    /// <summary>The folder of the code files that belong to the notebooks.</summary>
    public string CodesFolder => Path.Combine(Workspace.Root, "notebooks", "codes");

    /// <summary>Training jobs.</summary>
    public TrainingJobs Jobs { get; }

    /// <summary>The models that training jobs left and that were imported.</summary>
    public ModelRegistry Models { get; }

    /// <summary>Online services.</summary>
    public OnlineServices Services { get; }

    /// <summary>Opens the workspace that holds the current folder, and lets the notebook show charts, tables and digits.</summary>
    /// <param name="language">The language of what is shown: <c>en</c> or <c>zh</c>. Error messages, logs, and events are English in either.</param>
    /// <exception cref="ArgumentException">There is no such language.</exception>
    /// <exception cref="WorkspaceException">The current folder lies in no workspace.</exception>
    public static Lab Open(string language = "en")
    {
        if (language is not ("en" or "zh"))
            throw new ArgumentException($"The language must be 'en' or 'zh', but was '{language}'.", nameof(language));
        DisplayText.Language = language;
        NotebookFormatters.Register();
        return new Lab(Workspace.Find());
    }

    /// <summary>Opens a workspace for a program that shows nothing in a notebook.</summary>
    /// <exception cref="ObjectStoreException">The settings of the object store are incomplete or invalid.</exception>
    public static Lab Open(Workspace workspace)
    {
        ArgumentNullException.ThrowIfNull(workspace);
        return new Lab(workspace);
    }

    /// <summary>The dataset: that of <c>MNIST_DIR</c>, or else MNIST itself, downloaded once and kept in the user's cache, or else the bundled sample. Its notice says which.</summary>
    /// <param name="progress">Is told how far a download is, if there is one.</param>
    /// <param name="cancellationToken">Ends a download; complete files are kept.</param>
    public Task<DatasetSource> FindDatasetAsync(IProgress<DownloadProgress>? progress = null, CancellationToken cancellationToken = default) =>
        Workspace.FindDatasetAsync(progress, cancellationToken);

    /// <summary>The dataset as it is in the bucket: fetched to this machine and read.</summary>
    /// <exception cref="DatasetException">It is not in the bucket; the message says how to put it there.</exception>
    /// <exception cref="ObjectStoreException">The store refused or failed.</exception>
    public async Task<MnistDataset> LoadDatasetAsync(CancellationToken cancellationToken = default)
    {
        try
        {
            return await MnistDataset.LoadAsync(Store, DatasetsUrl, cancellationToken);
        }
        catch (Exception error) when (IsMissing(error))
        {
            throw new DatasetException(DatasetsUrl.ToString(), $"{error.Message} Notebook 1 uploads the dataset: run it first.", error);
        }
    }

    private bool IsMissing(Exception error) => error is DatasetException dataset
        ? dataset.Path == DatasetsUrl.ToString()
        : error is ObjectStoreException { Error: ObjectStoreError.NoSuchBucket or ObjectStoreError.NoSuchKey };

    /// <summary>The output of the newest version of a training job that is completed: the prefix that holds its <c>model/</c>.</summary>
    /// <param name="jobName">The job's name, such as <c>train_mnist</c>.</param>
    /// <exception cref="TrainingJobException">There is none; the message says how to get one.</exception>
    public ObjectUrl OutputOf(string jobName) => Jobs.All.FirstOrDefault(job => job.Spec.JobName == jobName && job.Status == JobStatus.Completed)?.OutputUrl
        ?? throw new TrainingJobException($"There is no completed training job '{jobName}'. Notebook 2 submits it: run it first.");

    /// <summary>An online service, running.</summary>
    /// <param name="name">The service's name, such as <c>digits</c>.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    /// <exception cref="DeploymentException">There is none, or it does not run; the message says how to get one.</exception>
    public async Task<OnlineService> ServiceAsync(string name, CancellationToken cancellationToken = default)
    {
        try
        {
            return await Services.GetAsync(name, cancellationToken);
        }
        catch (DeploymentException error)
        {
            throw new DeploymentException($"{error.Message} Notebook 3 does: run it first.", error);
        }
    }

    /// <summary>Compiles a program of <see cref="CodesFolder"/> and runs it in this process.</summary>
    /// <param name="file">The name of the file, such as <c>predict.cs</c>.</param>
    /// <param name="arguments">The arguments of the program.</param>
    /// <returns>The exit code of the program.</returns>
    /// <exception cref="UserCodeException">The file is missing, does not compile, or is not a program.</exception>
    public async Task<int> RunProgramAsync(string file, params string[] arguments)
    {
        using var program = UserCodeCompiler.Compile([Path.Combine(CodesFolder, file)]);
        return await program.RunMainAsync(arguments);
    }

    /// <summary>Where the store is and which bucket is used.</summary>
    public override string ToString() => TrainingTexts.Lab.With(Store.Location, Bucket);
}
