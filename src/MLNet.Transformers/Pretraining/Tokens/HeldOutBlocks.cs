using MLNet.Transformers.Models;
using MLNet.Transformers.Training;

namespace MLNet.Transformers.Pretraining;

/// <summary>Judges by the loss on held-out documents, which are waited for.</summary>
/// <param name="objective">Makes the batches and their loss.</param>
/// <param name="files">The blocks of the documents.</param>
/// <param name="options">How much a batch may hold.</param>
/// <param name="seed">Seed of what the objective draws.</param>
internal sealed class HeldOutBlocks(ITextObjective objective, BlockFiles files, TrainingOptions options, int seed) : IValidator
{
    // The texts are told apart by the identity of the source, which they are a part of.
    public string Identity => "held out";

    public ValidationResult Judge(TaskModel network, Action checkAlive)
    {
        var blocks = new BlockList(files.All(checkAlive), files.Others);
        return new LossValidation<TextBlock>(objective, blocks, options.BatchLimits, seed).Judge(network, checkAlive);
    }
}
