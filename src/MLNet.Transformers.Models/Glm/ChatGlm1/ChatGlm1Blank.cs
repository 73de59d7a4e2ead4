using MLNet.Transformers.Models.Nn;
using static TorchSharp.torch;

namespace MLNet.Transformers.Models.Glm.ChatGlm1;

/// <summary>
/// What ChatGLM-6B derives from token ids: the text stands before a start token and all of it is seen by all; what is written stands behind. A blank
/// within the text holds all that is written at its place; with a blank at the end, or none, places run on (source: THUDM's modeling_chatglm.py,
/// get_masks and get_position_ids).
/// </summary>
/// <remarks>
/// Used where a batch gives no positions. Those that <see cref="ChatGlm1Inputs"/> makes, as the published tokenizer does, stay at a blank at the end, too:
/// given with a batch they are used as they are.
/// </remarks>
/// <param name="startId">The token behind which is written.</param>
/// <param name="maskId">The blank within a text.</param>
/// <param name="endMaskId">The blank at the end; where both stand in a text it counts.</param>
internal sealed class ChatGlm1Blank(int startId, int maskId, int endMaskId)
{
    /// <summary>Place in the text and, from the start token on, place in what is written, int64, (batch, 2, tokens). Padding on the left is left out.</summary>
    public Tensor Positions(TokenBatch batch)
    {
        Tensor ids = batch.Ids;
        Tensor places = Nn.Positions.OfTokens(batch).expand(ids.shape);
        Tensor start = Start(ids);
        Tensor columns = Indices(ids.shape[1], ids.device).unsqueeze(0);
        Tensor blank = places.gather(1, ids.eq(Number(maskId)).to(ScalarType.Int64).argmax(1, keepdim: true));
        Tensor stays = ids.eq(Number(maskId)).any(1, keepdim: true).logical_and(ids.eq(Number(endMaskId)).any(1, keepdim: true).logical_not());
        Tensor written = columns.ge(start);
        return stack(
            [where(written.logical_and(stays), blank, places), (columns - start).Plus(Number(1)).clamp_min(Number(0))], 1);
    }

    /// <summary>
    /// In what is written, places stay where they stayed at the last token, and run on where they ran on, and places in what is written run on; what
    /// follows text is text.
    /// </summary>
    /// <param name="positions">(batch, 2, tokens): those derived here, or those that <see cref="ChatGlm1Inputs"/> made.</param>
    public static Tensor PositionsAfter(Tensor positions)
    {
        Tensor last = Nn.Positions.Last(positions);
        Tensor before = positions.narrow(-1, Math.Max(0, positions.shape[^1] - 2), 1);
        Tensor written = last.narrow(1, 1, 1).gt(Number(0));
        Tensor ranOn = last.gt(before).narrow(1, 0, 1);
        return last.Plus(cat([written.logical_not().logical_or(ranOn), written], 1));
    }

    /// <summary>The number of tokens before the start token, (batch), or with padding (batch, 1, tokens, tokens), in the forms of <see cref="TokenBatch.Mask"/>.</summary>
    public Tensor Mask(TokenBatch batch)
    {
        Tensor text = Start(batch.Ids).squeeze(1);
        return batch.Mask is { } padding
            ? AttentionMask.Causal(batch with { Mask = text })!.logical_and(padding.ne(Number(0)).unsqueeze(1).unsqueeze(1))
            : text;
    }

    // (batch, 1): the column of the first start token; behind the last where there is none, so that all is text.
    private Tensor Start(Tensor ids)
    {
        Tensor starts = ids.eq(Number(startId));
        Tensor first = starts.to(ScalarType.Int64).argmax(1, keepdim: true);
        return where(starts.any(1, keepdim: true), first, full_like(first, Number(ids.shape[1])));
    }
}
