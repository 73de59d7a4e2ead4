using static TorchSharp.torch;

namespace MLNet.Transformers.Models.Generation;

/// <summary>Takes the most likely token.</summary>
internal sealed class HighestScore : ITokenChoice
{
    public Tensor Choose(Tensor scores, IReadOnlyList<int> sequences) => scores.argmax(1);
}
