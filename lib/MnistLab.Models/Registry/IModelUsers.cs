namespace MnistLab.Models.Registry;

/// <summary>Represents what uses models of a registry, such as the services of a machine.</summary>
public interface IModelUsers
{
    /// <summary>Returns the names of those that use a model version now or are about to.</summary>
    /// <param name="model">The model version.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    Task<IReadOnlyList<string>> UsersOfAsync(RegisteredModel model, CancellationToken cancellationToken = default);
}
