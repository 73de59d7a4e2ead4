using static TorchSharp.torch;

namespace MLNet.Transformers.Models.Generation;

/// <summary>Prompts of a decoder end at the last column, so that all rows go on at once: padding on the right moves to the left.</summary>
internal static class PromptAlignment
{
    public static TokenBatch ToTheRight(TokenBatch prompt)
    {
        if (prompt.Mask is not { } mask || mask.dim() != 2 || mask.narrow(1, mask.shape[1] - 1, 1).ne(Number(0)).all().item<bool>())
        {
            return prompt;
        }
        // Of each row, how many columns stand behind the last token; argmax gives the first of equals. A row of padding alone stays as it is.
        Tensor behind = mask.ne(Number(0)).to(ScalarType.Int64).flip(1).argmax(1, keepdim: true);
        Tensor columns = (Indices(prompt.Length, mask.device).unsqueeze(0) - behind).remainder(Number(prompt.Length));
        return prompt with
        {
            Ids = prompt.Ids.gather(1, columns),
            Mask = mask.gather(1, columns),
            Positions = prompt.Positions is { } positions ? Rotated(positions, columns) : null,
        };
    }

    private static Tensor Rotated(Tensor positions, Tensor columns) => positions.dim() == 2
        ? positions.gather(1, columns)
        : positions.gather(2, columns.unsqueeze(1).expand(-1, positions.shape[1], -1));
}
