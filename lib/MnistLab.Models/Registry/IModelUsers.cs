namespace MnistLab.Models.Registry;

/// <summary>Represents users of a registry's models, such as the services of a machine.</summary>
public interface IModelUsers
{
    /// <summary>Returns the names of the users that use a model version, or are about to use it.</summary>
    /// <param name="model">The model version.</param>
    /// <param name="cancellationToken">Cancels the search.</param>
    Task<IReadOnlyList<string>> UsersOfAsync(RegisteredModel model, CancellationToken cancellationToken = default);
}
