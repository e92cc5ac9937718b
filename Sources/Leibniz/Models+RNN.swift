extension StandardModels {
  static let rnn = #"""
    # A recurrent network with one hidden layer

    The state $h_t \in \mathbb{R}^n$ reads the input $x_t \in \mathbb{R}^d$; the weights $W \in \mathbb{R}^{n\times n}$ and $U \in \mathbb{R}^{n\times d}$ are shared by all steps.

    For $t = 0, \dots, T$ let

    <!-- leibniz: expect definition -->
    $$h_t = \sigma(W h_{t-1} + U x_t),$$

    with $h_{-1}$ given. Each $L_t$ is a scalar loss that depends on $h_t$, and

    <!-- leibniz: expect definition -->
    $$L = \sum_{t=0}^T L_t .$$

    """#
}
