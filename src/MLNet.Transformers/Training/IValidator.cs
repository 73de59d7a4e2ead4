using MLNet.Transformers.Models;

namespace MLNet.Transformers.Training;

/// <summary>Judges a network between epochs, by whatever it holds: scores, merged windows, texts that the network writes, its loss.</summary>
internal interface IValidator
{
    /// <summary>Tells one set of validation rows from another.</summary>
    string Identity { get; }

    /// <param name="network">The network, in eval mode.</param>
    /// <param name="checkAlive">Throws where training was cancelled; to be called now and then.</param>
    ValidationResult Judge(TaskModel network, Action checkAlive);
}
