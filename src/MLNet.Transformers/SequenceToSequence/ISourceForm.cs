using MLNet.Transformers.Text;

namespace MLNet.Transformers.SequenceToSequence;

/// <summary>What a network reads of the texts of a row.</summary>
internal interface ISourceForm
{
    /// <summary>The row as one text.</summary>
    string Text(TextRow row);

    /// <summary>The row as a conversation, which the checkpoint's chat template writes; null: it is a text.</summary>
    IReadOnlyList<ChatMessage>? Messages(TextRow row) => null;
}
